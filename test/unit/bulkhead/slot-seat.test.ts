import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import pLimit from 'p-limit';
import { SlotSeat } from '../../../src/bulkhead/slot-seat.ts';

test('occupies a place of the limiter at once, and frees it when it is vacated', async () => {
  const limit = pLimit(2);
  const seat = new SlotSeat(limit);
  assert.equal(limit.activeCount, 1);
  await turn();
  assert.equal(limit.activeCount, 1);
  seat.vacate();
  await turn();
  assert.equal(limit.activeCount, 0);
});

test('can be vacated before the limiter has started its task', async () => {
  const limit = pLimit(1);
  new SlotSeat(limit).vacate();
  await turn();
  assert.equal(limit.activeCount, 0);
});

test('waits some microtasks for a place that was vacated just now', async () => {
  const limit = pLimit(1);
  new SlotSeat(limit).vacate();
  const second = new SlotSeat(limit);
  assert.equal(limit.pendingCount, 1);
  await turn();
  assert.deepEqual([limit.activeCount, limit.pendingCount], [1, 0]);
  second.vacate();
  await turn();
  assert.equal(limit.activeCount, 0);
});
