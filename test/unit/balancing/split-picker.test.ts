import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hashText } from '../../../src/balancing/murmur3.ts';
import { SplitPicker } from '../../../src/balancing/split-picker.ts';
import { seededRandom } from './seeded-random.ts';

const CALLS = 100_000;
const RANDOM_KEY = -1;

describe('SplitPicker', () => {
  it('is within 1 % of the weights over 100,000 calls, by chance and by key', () => {
    const weights = [80, 15, 5];
    const split = splitOf(weights);
    const byChance = [0, 0, 0];
    const byKey = [0, 0, 0];
    for (let i = 0; i < CALLS; i++) {
      byChance[split.pick(RANDOM_KEY)]!++;
      byKey[split.pick(hashText(`user-${i}`))]!++;
    }
    for (const counts of [byChance, byKey]) {
      for (const [side, weight] of weights.entries()) {
        assert.ok(Math.abs(counts[side]! / CALLS - weight / 100) < 0.01, `${counts[side]} for ${weight} %`);
      }
    }
  });

  it('keeps a key on its side, and moves only those that have to move when one side grows', () => {
    const steps = [5, 50, 100].map((percent) => splitOf([100 - percent, percent]));
    const onNext = steps.map(() => 0);
    for (let i = 0; i < 10_000; i++) {
      const key = hashText(`user-${i}`);
      const sides = steps.map((split) => split.pick(key));
      assert.deepEqual([...sides].sort(), sides, 'nobody goes back');
      for (const [step, side] of sides.entries()) onNext[step]! += side;
    }
    assert.ok(Math.abs(onNext[0]! - 500) < 100 && Math.abs(onNext[1]! - 5_000) < 200, onNext.join());
    assert.equal(onNext[2], 10_000);
  });

  it('gives a request the side it asks for by name, also one of weight 0', () => {
    const sides = [
      { weight: 1, name: 'stable' },
      { weight: 0, name: 'next' },
    ];
    const split = new SplitPicker(sides, seededRandom(1));
    assert.equal(split.pick(RANDOM_KEY, 'next'), 1);
    assert.equal(split.pick(7, 'next'), 1);
    assert.equal(split.pick(2 ** 32 - 1, 'stable'), 0);
    assert.equal(split.pick(2 ** 32 - 1, 'nobody'), 0);
    assert.equal(split.pick(2 ** 32 - 1, '__proto__'), 0);
  });

  it('refuses weights that are no shares, and a name given twice', () => {
    const names = ['a', 'a'];
    for (const weights of [[], [0], [0, 0], [1, -1], [Number.NaN], [Number.POSITIVE_INFINITY]]) {
      assert.throws(() => splitOf(weights), RangeError);
    }
    const twice = names.map((name) => ({ weight: 1, name }));
    assert.throws(() => new SplitPicker(twice, seededRandom(1)), /two sides of a split are named "a"/);
  });

  it('never gives a side of weight 0, whatever the key', () => {
    const weights = fc
      .array(fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1_000, noNaN: true })), {
        minLength: 1,
        maxLength: 6,
      })
      .filter((list) => list.some((weight) => weight > 0));
    const key = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 31));
    fc.assert(
      fc.property(weights, key, (list, hash) => {
        assert.ok(list[splitOf(list).pick(hash)]! > 0);
      }),
    );
  });
});

function splitOf(weights: readonly number[]): SplitPicker {
  const sides = weights.map((weight) => ({ weight, name: undefined }));
  return new SplitPicker(sides, seededRandom(11));
}
