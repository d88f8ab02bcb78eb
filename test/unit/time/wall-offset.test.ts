import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WallOffset } from '../../../src/time/wall-offset.ts';

describe('WallOffset', () => {
  it('gives a moment the same date whenever it is asked for', () => {
    let nowMs = 1_000.25;
    const offset = new WallOffset({ nowMs: () => nowMs, wallMs: () => Math.floor(1_700_000_000_000 + nowMs) });
    const { ms } = offset;
    for (let step = 0; step < 1_000; step++) {
      nowMs += 0.37;
      assert.equal(offset.ms, ms);
    }
    assert.equal(Math.round(ms), 1_700_000_000_000);
  });

  it('follows when the wall clock is set', () => {
    let wallMs = 1_700_000_000_000;
    const offset = new WallOffset({ nowMs: () => 500, wallMs: () => wallMs });
    assert.equal(offset.ms, 1_699_999_999_500);
    wallMs += 3_600_000;
    assert.equal(offset.ms, 1_700_003_599_500);
    wallMs -= 10_000_000;
    assert.equal(offset.ms, 1_699_993_599_500);
  });
});
