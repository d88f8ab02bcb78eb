import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrackedCall } from '../../../src/bulkhead/method-calls.ts';
import { MethodRegistry } from '../../../src/bulkhead/method-registry.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { DEFAULT_RULES } from './method-driver.ts';

test('a million method keys, each called and some of them sick, leave nothing behind', () => {
  const registry = new MethodRegistry({ rulesOf: () => DEFAULT_RULES, maxMethods: 100 });
  const call = new TrackedCall();
  const callMany = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const nowMs = i / 10;
      const method = registry.method(`com.acme.Service${i}#method()`, nowMs);
      method.onStart(call, nowMs, method.choose(nowMs) === 'heartbeat');
      method.onEnd(call, nowMs + 5, i % 7 === 0 ? 'timeout' : 'ok');
      if (i % 1_000 === 0) {
        method.quarantine(nowMs);
        registry.tick(nowMs);
        method.release(nowMs + 1);
      }
    }
  };
  callMany(0, 50_000);
  const beforeBytes = collectGarbage();
  callMany(50_000, 1_000_000);
  const grownBytes = collectGarbage() - beforeBytes;
  assert.equal(registry.size, 100);
  assert.equal(registry.events.length, 200);
  assert.ok(grownBytes < 1_000_000, `grew by ${grownBytes} bytes`);
});

test('two million calls of a few methods grow no counter, list or window', () => {
  const registry = new MethodRegistry({ rulesOf: () => DEFAULT_RULES });
  const calls = Array.from({ length: 64 }, () => new TrackedCall());
  const callMany = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const nowMs = i / 20;
      const call = calls[i % 64]!;
      const method = registry.method(i % 64 < 32 ? 'a' : 'b', nowMs);
      if (call.isInFlight) method.onEnd(call, nowMs, 'ok');
      method.onStart(call, nowMs, method.choose(nowMs) === 'heartbeat');
      if (i % 2_000 === 0) registry.tick(nowMs);
    }
  };
  callMany(0, 100_000);
  const beforeBytes = collectGarbage();
  callMany(100_000, 2_000_000);
  const grownBytes = collectGarbage() - beforeBytes;
  assert.equal(registry.find('a')!.inFlight + registry.find('b')!.inFlight, 64);
  assert.ok(grownBytes < 500_000, `grew by ${grownBytes} bytes`);
});
