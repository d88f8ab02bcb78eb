import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RestartBackoff } from '../../../src/workers/restart-backoff.ts';

describe('RestartBackoff', () => {
  it('waits longer each time a worker dies of its start, up to 30 seconds', () => {
    const backoff = new RestartBackoff();
    const delays = Array.from({ length: 9 }, () => backoff.died(500));
    assert.deepEqual(delays, [0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    for (let i = 0; i < 2_000; i++) assert.equal(backoff.died(0), 30_000);
  });

  it('waits for nothing where a worker had lived for ten seconds', () => {
    const backoff = new RestartBackoff();
    assert.deepEqual(
      [10_000, 50_000, 9_999, 9_999, 10_000, 0].map((ms) => backoff.died(ms)),
      [0, 0, 1_000, 2_000, 0, 1_000],
    );
  });
});
