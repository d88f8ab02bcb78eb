import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { repeat } from '../../../src/cli/repeat.ts';

/** So long that a test that waited for it would be ended. */
const AN_HOUR_MS = 3_600_000;

describe('repeat', () => {
  it('does its step until it is aborted', async () => {
    const abort = new AbortController();
    let steps = 0;
    await repeat(
      async () => {
        steps++;
        if (steps === 3) abort.abort();
      },
      1,
      abort.signal,
    );
    assert.equal(steps, 3);
  });

  it('does nothing when it is aborted before', async () => {
    await repeat(() => assert.fail('it was done'), 1, AbortSignal.abort());
  });

  it('does not wait for its pause when it is aborted', async () => {
    const abort = new AbortController();
    const ended = repeat(() => Promise.resolve(), AN_HOUR_MS, abort.signal);
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await ended;
  });

  it('ends with the error of a step, but not after it was aborted', async () => {
    const abort = new AbortController();
    await assert.rejects(
      repeat(() => Promise.reject(new Error('broken')), 1, abort.signal),
      { message: 'broken' },
    );
    await repeat(
      () => {
        abort.abort();
        return Promise.reject(new Error('aborted'));
      },
      1,
      abort.signal,
    );
  });
});
