import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Pools, type PoolsOptions } from '../../../src/bulkhead/pools.ts';
import type { PoolName, Slot } from '../../../src/bulkhead/slot.ts';
import { SlotAccount } from '../../../src/bulkhead/slot-account.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { RecordingCaller } from './recording-caller.ts';

const RULE = { maxMethodShare: 0.5, maxWaitMs: 0, maxQueue: 0 };
const OPTIONS: PoolsOptions = {
  normal: { size: 8, ...RULE },
  slow: { size: 4, ...RULE },
  heartbeat: { size: 2, ...RULE },
};

class Scene {
  readonly pools: Pools;
  readonly log: string[] = [];

  constructor(options: PoolsOptions = OPTIONS) {
    this.pools = new Pools(options);
  }

  acquire(pool: PoolName, account: SlotAccount): Slot {
    return this.pools.acquire(pool, account, new RecordingCaller('call', this.log), 0, 1_000);
  }

  fill(pool: PoolName, account: SlotAccount, count: number): Slot[] {
    return Array.from({ length: count }, () => this.acquire(pool, account));
  }

  /** The pool that a refusal names. */
  refusedBy(pool: PoolName, account: SlotAccount): unknown {
    try {
      this.acquire(pool, account);
    } catch (error) {
      assert.ok(error instanceof GatewayError);
      assert.deepEqual([error.code, error.status], ['BULKHEAD_FULL', 503]);
      return error.extensions?.pool;
    }
    return assert.fail('the call was not refused');
  }
}

function poolsOf(slots: readonly Slot[]): string[] {
  return slots.map(({ pool }) => pool.name);
}

describe('Pools', () => {
  it('gives each kind of call its slot', () => {
    const scene = new Scene();
    const account = new SlotAccount();
    const slots = (['normal', 'slow', 'heartbeat'] as const).map((pool) => scene.acquire(pool, account));
    assert.deepEqual(poolsOf(slots), ['normal', 'slow', 'heartbeat']);
    assert.deepEqual(scene.pools.status('normal'), {
      size: 8,
      active: 1,
      waiting: 0,
      rejectedTotal: 0,
      waitTimedOutTotal: 0,
      overflowedTotal: 0,
    });
  });

  it('books what a method wants beyond its share of normal to slow, and refuses what it wants beyond both', () => {
    const scene = new Scene();
    const [greedy, other] = [new SlotAccount(), new SlotAccount()];
    const slots = scene.fill('normal', greedy, 6);
    assert.deepEqual(poolsOf(slots), ['normal', 'normal', 'normal', 'normal', 'slow', 'slow']);
    assert.equal(scene.refusedBy('normal', greedy), 'slow');
    assert.deepEqual(poolsOf(scene.fill('normal', other, 4)), ['normal', 'normal', 'normal', 'normal']);
    assert.equal(scene.pools.status('normal').overflowedTotal, 3);
    assert.deepEqual([scene.pools.status('normal').rejectedTotal, scene.pools.status('slow').rejectedTotal], [0, 1]);
  });

  it('never refuses a method because of one that holds its share and more', () => {
    const scene = new Scene();
    scene.fill('normal', new SlotAccount(), 6);
    const others = [new SlotAccount(), new SlotAccount()];
    for (const account of others) assert.deepEqual(poolsOf(scene.fill('normal', account, 2)), ['normal', 'normal']);
  });

  it('keeps a full normal pool from filling the slow one', () => {
    const scene = new Scene();
    for (let i = 0; i < 8; i++) scene.acquire('normal', new SlotAccount());
    assert.equal(scene.refusedBy('normal', new SlotAccount()), 'normal');
    assert.equal(scene.pools.slow.active, 0);
  });

  it('keeps heartbeat slots for a method that gets well while others hold all slow ones', () => {
    const scene = new Scene();
    const [stuck, alsoStuck, well] = [new SlotAccount(), new SlotAccount(), new SlotAccount()];
    scene.fill('slow', stuck, 2);
    scene.fill('slow', alsoStuck, 2);
    assert.equal(scene.refusedBy('slow', well), 'slow');
    assert.equal(scene.acquire('heartbeat', stuck).pool.name, 'heartbeat');
    assert.equal(scene.refusedBy('heartbeat', stuck), 'slow');
    assert.equal(scene.acquire('heartbeat', well).pool.name, 'heartbeat');
  });

  it('makes a probe that finds no heartbeat slot a call of the slow pool', () => {
    const scene = new Scene({ ...OPTIONS, heartbeat: { ...RULE, size: 0 } });
    assert.equal(scene.acquire('heartbeat', new SlotAccount()).pool.name, 'slow');
    const { rejectedTotal, overflowedTotal } = scene.pools.status('heartbeat');
    assert.deepEqual([rejectedTotal, overflowedTotal], [0, 1]);
  });

  it('gives normal its slots back when a method enters quarantine, as far as slow has room', () => {
    const scene = new Scene();
    const account = new SlotAccount();
    const slots = scene.fill('normal', account, 4);
    assert.equal(scene.pools.rebookToSlow(account, 0), 2);
    assert.deepEqual(poolsOf(slots), ['slow', 'slow', 'normal', 'normal']);
    assert.deepEqual([scene.pools.normal.active, scene.pools.slow.active], [2, 2]);
  });

  it('ends waits in every pool where waiting is allowed', () => {
    const waiting = { maxMethodShare: 1, maxWaitMs: 100, maxQueue: 5 };
    const scene = new Scene({
      normal: { size: 1, ...waiting },
      slow: { size: 1, ...waiting },
      heartbeat: { size: 1, ...waiting },
    });
    for (const pool of ['normal', 'slow'] as const) scene.fill(pool, new SlotAccount(), 2);
    assert.equal(scene.pools.waiting, 2);
    scene.fill('heartbeat', new SlotAccount(), 2);
    assert.equal(scene.pools.heartbeat.waiting, 0);
    assert.equal(scene.pools.waiting, 3);
    scene.pools.tick(100);
    assert.deepEqual(scene.log, ['call BULKHEAD_FULL normal', 'call BULKHEAD_FULL slow', 'call BULKHEAD_FULL slow']);
    assert.equal(scene.pools.waiting, 0);
  });

  it('takes new sizes for the calls that come, and loses none of those in flight', () => {
    const scene = new Scene();
    const account = new SlotAccount();
    const slots = scene.fill('normal', account, 4);
    scene.pools.resize({ ...OPTIONS, normal: { ...RULE, size: 2 } });
    assert.equal(scene.pools.normal.active, 4);
    assert.equal(scene.refusedBy('normal', new SlotAccount()), 'normal');
    for (const slot of slots) slot.release();
    assert.deepEqual(poolsOf(scene.fill('normal', account, 2)), ['normal', 'slow']);
  });
});
