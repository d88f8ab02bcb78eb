import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WarningLimiter } from '../../../src/registry/warning-limiter.ts';

describe('WarningLimiter', () => {
  it('lets a warning through once in ten minutes', () => {
    const limiter = new WarningLimiter();
    assert.deepEqual(
      [0, 1, 599_999, 600_000].map((nowMs) => limiter.admits('x', nowMs)),
      [true, false, false, true],
    );
    assert.equal(limiter.takeSuppressed(), 0);
  });

  it('lets twenty through in a minute, and counts the others', () => {
    const limiter = new WarningLimiter();
    let admitted = 0;
    for (let i = 0; i < 5_000; i++) if (limiter.admits(`warning ${i}`, 0)) admitted++;
    assert.equal(admitted, 20);
    assert.equal(limiter.takeSuppressed(), 4_980);
    assert.equal(limiter.takeSuppressed(), 0);
    assert.equal(limiter.admits('next', 60_000), true);
  });
});
