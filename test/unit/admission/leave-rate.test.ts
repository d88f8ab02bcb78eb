import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeaveRate } from '../../../src/admission/leave-rate.ts';

function leave(rate: LeaveRate, count: number): void {
  for (let i = 0; i < count; i++) rate.count();
}

test('is the average of the time since the start, at least a second', () => {
  const rate = new LeaveRate(5_000);
  assert.equal(rate.perSecond(5_000), 0);
  leave(rate, 10);
  assert.equal(rate.perSecond(5_500), 10);
  leave(rate, 10);
  assert.equal(rate.perSecond(7_000), 10);
});

test('looks at the last ten samples', () => {
  const rate = new LeaveRate(0);
  for (let second = 0; second < 60; second++) {
    rate.advance(second * 1_000);
    leave(rate, second < 45 ? 1_000 : 20);
  }
  assert.equal(rate.perSecond(60_000), 20);
});

test('forgets all after a pause, however long', () => {
  for (const pauseMs of [10_000, 15_000, 19_000, 3_600_000]) {
    const rate = new LeaveRate(0);
    for (let second = 0; second < 20; second++) {
      rate.advance(second * 1_000);
      leave(rate, 1_000);
    }
    assert.equal(rate.perSecond(19_000 + pauseMs), 0);
  }
});

test('falls while nothing leaves', () => {
  const rate = new LeaveRate(0);
  for (let second = 0; second < 10; second++) {
    rate.advance(second * 1_000);
    leave(rate, 100);
  }
  assert.equal(rate.perSecond(10_000), 100);
  assert.ok(rate.perSecond(13_000) < 80);
});
