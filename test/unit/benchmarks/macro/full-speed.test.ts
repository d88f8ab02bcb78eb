import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fullSpeedSecond } from '../../../../benchmarks/macro/full-speed.ts';
import { sampleOf } from './sample-of.ts';

describe('fullSpeedSecond', () => {
  it('is the first second in which a request costs no more than a tenth above a warm one', () => {
    assert.equal(fullSpeedSecond([Number.POSITIVE_INFINITY, 120, 111, 110, 90].map(sampleOf), 100), 4);
  });

  it('is 1 for a server that is fast at once', () => {
    assert.equal(fullSpeedSecond([sampleOf(100)], 100), 1);
  });

  it('is none where no second was that fast', () => {
    assert.equal(fullSpeedSecond([300, 200, 150].map(sampleOf), 100), undefined);
    assert.equal(fullSpeedSecond([], 100), undefined);
  });
});
