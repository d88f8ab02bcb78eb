import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeakEwma } from '../../../src/balancing/peak-ewma.ts';

describe('PeakEwma', () => {
  it('takes a peak at once and forgets it slowly', () => {
    const latency = new PeakEwma();
    latency.record(10, 0);
    latency.record(500, 10);
    assert.equal(latency.loadOf(0, 10), 500);
    latency.record(10, 1_010);
    const afterOne = latency.loadOf(0, 1_010);
    assert.ok(afterOne > 300 && afterOne < 310, `${afterOne}`);
    for (let i = 2; i < 60; i++) latency.record(10, i * 1_000);
    assert.ok(latency.loadOf(0, 59_000) < 11);
  });

  it('counts what is in flight', () => {
    const latency = new PeakEwma();
    latency.record(10, 0);
    assert.equal(latency.loadOf(0, 0), 10);
    assert.equal(latency.loadOf(3, 0), 40);
  });

  it('forgives with time, but for one call only until that is answered', () => {
    const latency = new PeakEwma();
    latency.record(1_000, 0);
    assert.ok(latency.loadOf(0, 60_000) < 0.01);
    assert.equal(latency.loadOf(1, 60_000), 2_000);
  });

  it('lets one call through before it knows anything', () => {
    const latency = new PeakEwma();
    assert.equal(latency.loadOf(0, 0), 0);
    assert.ok(latency.loadOf(1, 0) >= 10_000);
  });

  it('makes quick failures cost more and more, within bounds', () => {
    const latency = new PeakEwma();
    latency.record(5, 0);
    const costs = [1, 2, 3].map((nowMs) => {
      latency.recordFailure(0.1, nowMs);
      return latency.loadOf(0, nowMs);
    });
    assert.deepEqual(costs, [10, 20, 40]);
    for (let i = 0; i < 100; i++) latency.recordFailure(0.1, 4);
    assert.equal(latency.loadOf(0, 4), 10_000);
    latency.recordFailure(30_000, 4);
    assert.equal(latency.loadOf(0, 4), 30_000, 'a time-out costs what it took');
    latency.record(5, 30_000);
    assert.ok(latency.loadOf(0, 30_000) < 200, 'and an answer after a while makes it good');
  });

  it('learns from a call that was given up only that it took longer', () => {
    const latency = new PeakEwma();
    latency.record(100, 0);
    latency.recordUnfinished(20, 0);
    assert.equal(latency.loadOf(0, 0), 100);
    latency.recordUnfinished(300, 0);
    assert.equal(latency.loadOf(0, 0), 300);
  });
});
