import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SessionKeeper } from '../../../src/registry/session-keeper.ts';

function keeper(): SessionKeeper {
  return new SessionKeeper({ connectTimeoutMs: 3_000, maxPauseMs: 2_000, random: () => 0 });
}

describe('SessionKeeper', () => {
  it('opens at once, and gives up a session that does not begin in time', () => {
    const kept = keeper();
    assert.equal(kept.due(0), 'open');
    kept.opening(0);
    assert.equal(kept.due(2_999), 'nothing');
    assert.equal(kept.due(3_000), 'abandon');
  });

  it('asks a third of the time-out after the last sign of life, and gives up another third later', () => {
    const kept = keeper();
    kept.opening(0);
    kept.opened(100, 9_000);
    assert.equal(kept.dueMs, 3_100);
    kept.answered(1_000);
    assert.equal(kept.due(3_999), 'nothing');
    assert.equal(kept.due(4_000), 'probe');
    kept.probed(4_000);
    assert.equal(kept.due(6_999), 'nothing');
    assert.equal(kept.due(7_000), 'abandon');
    kept.answered(6_999);
    assert.equal(kept.due(7_000), 'nothing');
    assert.equal(kept.due(9_999), 'probe');
  });

  it('counts from the question on when the process was stopped for a while', () => {
    const kept = keeper();
    kept.opened(0, 9_000);
    assert.equal(kept.due(60_000), 'probe');
    kept.probed(60_000);
    assert.equal(kept.due(62_999), 'nothing');
  });

  it('waits longer after each failure, up to a bound', () => {
    const kept = keeper();
    const pauses: number[] = [];
    let nowMs = 0;
    for (let i = 0; i < 7; i++) {
      kept.opening(nowMs);
      kept.lost(nowMs);
      pauses.push(kept.dueMs - nowMs);
      nowMs = kept.dueMs;
      assert.equal(kept.due(nowMs), 'open');
    }
    assert.deepEqual(pauses, [100, 200, 400, 800, 1_600, 2_000, 2_000]);
  });

  it('takes only a session that lasted for a success', () => {
    const kept = keeper();
    for (let i = 0; i < 4; i++) {
      kept.opened(i, 9_000);
      kept.lost(i);
    }
    assert.equal(kept.failures, 4);
    kept.opened(1_000, 9_000);
    kept.lost(6_000);
    assert.equal(kept.failures, 1);
  });
});
