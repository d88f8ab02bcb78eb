import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TokenKeeper } from '../../../../src/registry/nacos/token-keeper.ts';

const random = (): number => 0;
const NEVER = Number.POSITIVE_INFINITY;

describe('TokenKeeper', () => {
  it('asks for nothing where nobody is to log in', () => {
    const keeper = new TokenKeeper(false, random);
    assert.equal(keeper.dueMs, NEVER);
    assert.ok(keeper.isReady(0));
    keeper.refused(0);
    assert.equal(keeper.dueMs, NEVER);
    assert.equal(keeper.token, undefined);
  });

  it('logs in at once, and renews a token before its end', () => {
    const keeper = new TokenKeeper(true, random);
    assert.ok(keeper.dueMs <= 0);
    assert.ok(!keeper.isReady(0));
    keeper.asking();
    assert.equal(keeper.dueMs, NEVER);
    keeper.obtained('t1', 100_000, 0);
    assert.equal(keeper.token, 't1');
    assert.equal(keeper.dueMs, 80_000);
    assert.ok(keeper.isReady(99_999));
    assert.ok(!keeper.isReady(100_000));
    keeper.asking();
    keeper.obtained('t2', 100_000, 80_000);
    assert.equal(keeper.token, 't2');
    assert.ok(keeper.isReady(179_999));
  });

  it('tries a refused password again with growing pauses, up to half a minute', () => {
    const keeper = new TokenKeeper(true, random);
    const pauses: number[] = [];
    let nowMs = 0;
    for (let i = 0; i < 8; i++) {
      keeper.asking();
      keeper.failed(nowMs);
      pauses.push(keeper.dueMs - nowMs);
      nowMs = keeper.dueMs;
    }
    assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('keeps a token that still holds while a renewal fails', () => {
    const keeper = new TokenKeeper(true, random);
    keeper.obtained('t1', 100_000, 0);
    keeper.asking();
    keeper.failed(80_000);
    assert.equal(keeper.token, 't1');
    assert.ok(keeper.isReady(90_000));
    keeper.asking();
    keeper.unanswered(90_000);
    assert.equal(keeper.dueMs, 91_000);
  });

  it('logs in again when a token is refused, but not for a new one', () => {
    const keeper = new TokenKeeper(true, random);
    keeper.obtained('t1', 1_000_000, 0);
    keeper.refused(29_999);
    assert.equal(keeper.dueMs, 800_000);
    keeper.refused(30_000);
    assert.equal(keeper.dueMs, 30_000);
  });

  it('lets all through where the server has no log-in', () => {
    const keeper = new TokenKeeper(true, random);
    keeper.asking();
    keeper.notNeeded();
    assert.ok(keeper.isReady(0));
    assert.equal(keeper.dueMs, NEVER);
  });

  it('does not believe a token that holds for years', () => {
    const keeper = new TokenKeeper(true, random);
    keeper.obtained('t', 1e15, 0);
    assert.ok(keeper.dueMs < 8 * 86_400_000);
  });
});
