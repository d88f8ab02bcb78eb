import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConnectionLifetime, UNLIMITED } from '../../../src/rpc/connection-lifetime.ts';

const LIMITS = { maxAgeMs: 1_000, maxRequests: 50, idleTimeoutMs: 300 };

test('is over at its age, less up to a tenth at random', () => {
  const exact = new ConnectionLifetime(0, 500);
  assert.equal(exact.isOver(LIMITS, 0, 1_499), false);
  assert.equal(exact.isOver(LIMITS, 0, 1_500), true);
  const early = new ConnectionLifetime(1, 500);
  assert.equal(early.isOver(LIMITS, 0, 1_399), false);
  assert.equal(early.isOver(LIMITS, 0, 1_400), true);
});

test('is over after so many calls, less up to a tenth at random', () => {
  const exact = new ConnectionLifetime(0, 0);
  assert.equal(exact.isOver(LIMITS, 49, 1), false);
  assert.equal(exact.isOver(LIMITS, 50, 1), true);
  assert.equal(new ConnectionLifetime(1, 0).isOver(LIMITS, 45, 1), true);
});

test('follows bounds that change', () => {
  const lifetime = new ConnectionLifetime(0.5, 0);
  assert.equal(lifetime.isOver(UNLIMITED, 1e9, 1e12), false);
  assert.equal(lifetime.isOver(LIMITS, 0, 1e12), true);
  assert.equal(lifetime.isIdle(UNLIMITED, 0, 0, 1e12), false);
  assert.equal(lifetime.isIdle(LIMITS, 0, 0, 1e12), true);
});

test('is idle when the time has passed without a call', () => {
  const lifetime = new ConnectionLifetime(0, 0);
  assert.equal(lifetime.isIdle(LIMITS, 0, 0, 299), false);
  assert.equal(lifetime.isIdle(LIMITS, 1, 0, 299), false, 'one came and went since');
  assert.equal(lifetime.isIdle(LIMITS, 1, 0, 598), false);
  assert.equal(lifetime.isIdle(LIMITS, 1, 0, 599), true);
});

test('is never idle while a call is pending or within the time after it', () => {
  const look = fc.record({ passMs: fc.nat(400), calls: fc.nat(2), pending: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 40 }), (looks) => {
      const lifetime = new ConnectionLifetime(0.3, 0);
      let [nowMs, calls, usedMs] = [0, 0, 0];
      for (const { passMs, calls: more, pending } of looks) {
        nowMs += passMs;
        calls += more;
        if (more > 0 || pending > 0) usedMs = nowMs;
        assert.equal(lifetime.isIdle(LIMITS, calls, pending, nowMs), nowMs - usedMs >= 300 && pending === 0);
      }
    }),
  );
});
