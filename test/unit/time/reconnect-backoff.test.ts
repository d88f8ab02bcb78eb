import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReconnectBackoff } from '../../../src/time/reconnect-backoff.ts';

function pauses(random: () => number, count: number): number[] {
  const backoff = new ReconnectBackoff({ random });
  return Array.from({ length: count }, () => {
    backoff.failed(1_000);
    return backoff.retryAtMs - 1_000;
  });
}

test('doubles the pause up to one second', () => {
  assert.deepEqual(
    pauses(() => 0, 6),
    [100, 200, 400, 800, 1_000, 1_000],
  );
});

test('takes off up to one half at random', () => {
  assert.deepEqual(
    pauses(() => 0.5, 3),
    [75, 150, 300],
  );
  for (const pause of pauses(() => 0.999_999, 60)) assert.ok(pause >= 50 && pause <= 1_000);
});

test('waits until the next try is due, and forgets failures after a success', () => {
  const backoff = new ReconnectBackoff({ random: () => 0, baseMs: 10, maxMs: 40 });
  assert.equal(backoff.isWaiting(0), false);
  backoff.failed(0);
  assert.equal(backoff.failures, 1);
  assert.equal(backoff.isWaiting(9.9), true);
  assert.equal(backoff.isWaiting(10), false);
  backoff.failed(10);
  assert.equal(backoff.retryAtMs, 30);
  backoff.succeeded();
  assert.equal(backoff.failures, 0);
  assert.equal(backoff.isWaiting(11), false);
  backoff.failed(20);
  assert.equal(backoff.retryAtMs, 30);
});
