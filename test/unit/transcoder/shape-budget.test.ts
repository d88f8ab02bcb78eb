import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ShapeBudget, type ShapeHolder } from '../../../src/transcoder/shape-budget.ts';

/** Refusals until unused shapes are looked for again. */
const SWEEP = 4_096;

class Holder implements ShapeHolder {
  bytes = 0;
  isUsed = true;
  timesForgotten = 0;
  readonly #budget: ShapeBudget;

  constructor(budget: ShapeBudget) {
    this.#budget = budget;
  }

  forget(): void {
    this.timesForgotten++;
    this.#budget.giveBack(this, this.bytes);
  }
}

describe('the budget of shapes', () => {
  it('gives room up to its last byte and takes it back', () => {
    const budget = new ShapeBudget(100);
    const [one, other] = [new Holder(budget), new Holder(budget)];
    assert.deepEqual([budget.take(one, 60), budget.take(other, 40), budget.take(other, 1)], [true, true, false]);
    assert.deepEqual([budget.bytes, one.bytes, other.bytes], [100, 60, 40]);
    assert.deepEqual([budget.learnt, budget.refused], [2, 1]);
    budget.giveBack(one, 50);
    assert.deepEqual([budget.bytes, one.bytes], [50, 10]);
    assert.equal(budget.take(other, 50), true);
  });

  it('forgets what was not used between two looks, and nothing else', () => {
    const budget = new ShapeBudget(100);
    const [busy, idle, asker] = [new Holder(budget), new Holder(budget), new Holder(budget)];
    budget.take(busy, 50);
    budget.take(idle, 50);
    assert.equal(budget.take(asker, 10), false, 'both were used just now');
    for (let i = 0; i < SWEEP; i++) {
      busy.isUsed = true;
      assert.equal(budget.take(asker, 10), false, 'it is not looked at each refusal');
    }
    assert.equal(budget.take(asker, 10), true);
    assert.deepEqual([busy.timesForgotten, idle.timesForgotten, budget.forgotten], [0, 1, 1]);
    assert.deepEqual([busy.bytes, idle.bytes, asker.bytes, budget.bytes], [50, 0, 10, 60]);
  });

  it('never forgets the shapes that are being learnt', () => {
    const budget = new ShapeBudget(100);
    const asker = new Holder(budget);
    budget.take(asker, 100);
    asker.isUsed = false;
    for (let i = 0; i < 3 * SWEEP; i++) assert.equal(budget.take(asker, 1), false);
    assert.deepEqual([asker.timesForgotten, asker.bytes], [0, 100]);
  });

  it('lets go of holders that hold nothing', () => {
    const budget = new ShapeBudget(100);
    const gone = new Holder(budget);
    budget.take(gone, 10);
    gone.forget();
    gone.isUsed = false;
    const other = new Holder(budget);
    budget.take(other, 100);
    for (let i = 0; i <= SWEEP; i++) budget.take(other, 1);
    assert.equal(gone.timesForgotten, 1, 'not asked again');
  });

  it('holds what its holders hold, and never more than it may', () => {
    const step = fc.record({
      holder: fc.nat(4),
      bytes: fc.integer({ min: 1, max: 60 }),
      kind: fc.constantFrom('take', 'take', 'take', 'give', 'forget', 'use'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const budget = new ShapeBudget(150);
        const holders = Array.from({ length: 5 }, () => new Holder(budget));
        for (const { holder: index, bytes, kind } of steps) {
          const holder = holders[index]!;
          if (kind === 'take') budget.take(holder, bytes);
          else if (kind === 'give') budget.giveBack(holder, Math.min(holder.bytes, bytes));
          else if (kind === 'forget') holder.forget();
          else holder.isUsed = !holder.isUsed;
          const held = holders.reduce((sum, one) => sum + one.bytes, 0);
          assert.equal(budget.bytes, held);
          assert.ok(held <= 150);
        }
      }),
    );
  });
});
