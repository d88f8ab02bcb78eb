import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RetryBudget } from '../../../src/balancing/retry-budget.ts';

describe('RetryBudget', () => {
  it('allows a share of the calls when all fail', () => {
    const budget = new RetryBudget({ share: 0.2, minPerSecond: 0 });
    let retries = 0;
    for (let i = 0; i < 10_000; i++) {
      budget.recordCall(i / 10);
      if (budget.tryTake(i / 10)) retries++;
    }
    assert.equal(retries, 2_000);
  });

  it('allows some retries however few calls there are', () => {
    const budget = new RetryBudget({ share: 0.2, minPerSecond: 1, windowMs: 10_000 });
    budget.recordCall(0);
    const granted = Array.from({ length: 15 }, () => budget.tryTake(0));
    assert.deepEqual(granted, [...new Array<boolean>(10).fill(true), ...new Array<boolean>(5).fill(false)]);
    assert.equal(budget.tryTake(10_000), true, 'the window has passed');
  });

  it('refuses settings outside their bounds', () => {
    assert.throws(() => new RetryBudget({ share: 1.1 }), RangeError);
    assert.throws(() => new RetryBudget({ minPerSecond: -1 }), RangeError);
    assert.throws(() => new RetryBudget({ windowMs: 0 }), RangeError);
  });

  it('never gives more in a window than the share and the reserve', () => {
    const step = fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), isCall: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const budget = new RetryBudget({ share: 0.5, minPerSecond: 2, windowMs: 1_000 });
        const calls: number[] = [];
        const retries: number[] = [];
        let nowMs = 0;
        for (const { afterMs, isCall } of steps) {
          nowMs += afterMs;
          if (isCall) {
            budget.recordCall(nowMs);
            calls.push(nowMs);
          } else if (budget.tryTake(nowMs)) {
            retries.push(nowMs);
          }
          // What is younger than the window less one of its 20 parts is in it for certain.
          const recent = retries.filter((atMs) => atMs > nowMs - 950).length;
          assert.ok(recent <= 2 + 0.5 * calls.filter((atMs) => atMs > nowMs - 2_000).length);
        }
      }),
    );
  });
});
