import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LifeSigns } from '../../../src/workers/life-signs.ts';

/** Looks every second until a time, and gives what was silent then. */
function look(signs: LifeSigns, fromMs: number, untilMs: number): readonly number[] {
  let silent: number[] = [];
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += 1_000) silent = signs.silent(nowMs);
  return silent;
}

describe('LifeSigns', () => {
  it('misses a worker that was heard of and is not any more for 20 seconds', () => {
    const signs = new LifeSigns();
    for (const worker of [1, 2]) signs.seen(worker, 0);
    assert.deepEqual(look(signs, 0, 10_000), []);
    signs.seen(2, 10_000);
    assert.deepEqual(look(signs, 11_000, 20_000), []);
    assert.deepEqual(look(signs, 21_000, 21_000), [1]);
    signs.gone(1);
    assert.deepEqual(look(signs, 22_000, 30_000), []);
    assert.deepEqual(look(signs, 31_000, 31_000), [2]);
  });

  it('gives a worker that starts two minutes', () => {
    const signs = new LifeSigns();
    signs.started(3, 0);
    assert.deepEqual(look(signs, 0, 120_000), []);
    assert.deepEqual(look(signs, 121_000, 121_000), [3]);
  });

  it('blames nobody for the time in which it did not look itself', () => {
    const signs = new LifeSigns();
    signs.seen(1, 0);
    assert.deepEqual(look(signs, 0, 2_000), []);
    assert.deepEqual(signs.silent(90_000), []);
    assert.deepEqual(look(signs, 91_000, 110_000), []);
    assert.deepEqual(look(signs, 111_000, 111_000), [1]);
  });
});
