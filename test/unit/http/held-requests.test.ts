import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HeldRequests } from '../../../src/http/held-requests.ts';

describe('held requests', () => {
  it('go on when their time has come, and not before', async () => {
    let woken = 0;
    const held = new HeldRequests(2, () => woken++);
    const gone: string[] = [];
    void held.hold(2_000, 1_000)!.then(() => gone.push('late'));
    void held.hold(1_500, 1_000)!.then(() => gone.push('soon'));
    assert.deepEqual([held.size, woken], [2, 2]);
    held.tick(1_499);
    await settled();
    assert.deepEqual(gone, []);
    held.tick(1_520);
    await settled();
    assert.deepEqual([gone, held.size], [['soon'], 1]);
    held.tick(2_020);
    await settled();
    assert.deepEqual([gone, held.size], [['soon', 'late'], 0]);
  });

  it('are not held beyond their number', () => {
    const held = new HeldRequests(1);
    assert.notEqual(held.hold(2_000, 1_000), undefined);
    assert.equal(held.hold(2_000, 1_000), undefined);
    assert.equal(held.size, 1);
  });
});

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
