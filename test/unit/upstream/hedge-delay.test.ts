import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HedgeDelay } from '../../../src/upstream/hedge-delay.ts';

test('is what is written, whatever calls take', () => {
  const delay = new HedgeDelay(30);
  for (let call = 0; call < 1_000; call++) delay.record(500, call);
  assert.equal(delay.delayMs(2_000), 30);
});

test('is the percentile of the calls of the last minute, once there were fifty', () => {
  const [p95, p99] = [new HedgeDelay('p95'), new HedgeDelay('p99')];
  assert.equal(p95.delayMs(0), undefined);
  for (let call = 1; call <= 49; call++) p95.record(call, call * 10);
  assert.equal(p95.delayMs(1_000), undefined);
  for (let call = 50; call <= 100; call++) p95.record(call, call * 10);
  for (let call = 1; call <= 100; call++) p99.record(call, call * 10);
  assert.equal(p95.delayMs(1_500), undefined, 'it is worked out once a second');
  const near = (value: number | undefined, ms: number) => assert.ok(Math.abs(value! - ms) <= ms / 16, `${value}`);
  near(p95.delayMs(2_000), 95);
  near(p99.delayMs(2_000), 99);
  assert.equal(p95.delayMs(100_000), undefined, 'it is too long ago');
});

test('does not sink because hedges cut the slow calls short', () => {
  const delay = new HedgeDelay('p95');
  let nowMs = 0;
  let hedged = 0;
  const calls = 20_000;
  for (let call = 0; call < calls; call++) {
    nowMs += 2;
    // One call in fifty takes long, the others from 1 to 10 ms.
    const tookMs = call % 50 === 0 ? 1_000 : 1 + (call % 10);
    const afterMs = delay.delayMs(nowMs);
    const isHedged = afterMs !== undefined && tookMs > afterMs;
    if (isHedged) hedged++;
    delay.record(isHedged ? Math.min(tookMs, afterMs + 5) : tookMs, nowMs);
  }
  assert.ok(hedged / calls < 0.12, `${hedged} of ${calls}`);
});
