import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Arrivals } from '../../../../benchmarks/load/arrivals.ts';

describe('Arrivals', () => {
  it('are evenly spread', () => {
    assert.deepEqual(takeAll(new Arrivals(4, 1_000), 2_000), [1_250, 1_500, 1_750, 2_000]);
  });

  it('keep the times they were due at, also when nobody looked for long', () => {
    const arrivals = new Arrivals(100, 0);
    const due = takeAll(arrivals, 5_000);
    assert.equal(due.length, 500);
    assert.equal(due[0], 10);
    assert.deepEqual(takeAll(arrivals, 5_000), []);
  });

  it('are as many as the rate says, whenever one looks', () => {
    const arrivals = new Arrivals(333, 0);
    let taken = 0;
    for (let nowMs = 0; nowMs <= 10_000; nowMs += 7) taken += takeAll(arrivals, nowMs).length;
    assert.equal(taken, Math.floor(0.333 * 9_996));
  });

  it('follow a new rate from when it is set; none come at rate 0', () => {
    const arrivals = new Arrivals(10, 0);
    assert.equal(takeAll(arrivals, 1_000).length, 10);
    arrivals.setRate(0, 1_000);
    assert.equal(takeAll(arrivals, 9_000).length, 0);
    arrivals.setRate(2, 9_000);
    assert.deepEqual(takeAll(arrivals, 10_000), [9_500, 10_000]);
  });
});

function takeAll(arrivals: Arrivals, nowMs: number): number[] {
  const due: number[] = [];
  for (let next = arrivals.takeDue(nowMs); next !== undefined; next = arrivals.takeDue(nowMs)) due.push(next);
  return due;
}
