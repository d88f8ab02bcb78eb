import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { weightAt } from '../../../src/balancing/provider-weight.ts';

test('grows with the time since the start, as in Dubbo', () => {
  const at = (uptimeMs: number) => weightAt(100, 600_000, 0, uptimeMs);
  assert.equal(at(1), 1);
  assert.equal(at(6_000), 1);
  assert.equal(at(12_000), 2);
  assert.equal(at(299_999), 49);
  assert.equal(at(300_000), 50);
  assert.equal(at(599_999), 99);
  assert.equal(at(600_000), 100);
});

test('is full where the start is not known or there is no warm-up, and least for a start in the future', () => {
  assert.equal(weightAt(100, 600_000, undefined, 5), 100);
  assert.equal(weightAt(100, 0, 5, 5), 100);
  assert.equal(weightAt(100, 600_000, 6, 5), 1);
});

test('never falls, and stays between 1 and the full weight', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.array(fc.integer({ min: -1_000, max: 1_200_000 }), { minLength: 2, maxLength: 20 }),
      (weight, warmupMs, times) => {
        let previous = 0;
        for (const nowMs of times.sort((a, b) => a - b)) {
          const now = weightAt(weight, warmupMs, 0, nowMs);
          assert.ok(now >= previous && now >= 1 && now <= weight);
          previous = now;
        }
        assert.equal(weightAt(weight, warmupMs, 0, warmupMs), weight);
      },
    ),
  );
});
