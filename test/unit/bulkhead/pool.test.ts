import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import pLimit from 'p-limit';
import { Pool, type PoolOptions } from '../../../src/bulkhead/pool.ts';
import type { Slot } from '../../../src/bulkhead/slot.ts';
import { SlotAccount } from '../../../src/bulkhead/slot-account.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { RecordingCaller } from './recording-caller.ts';

const FAIL_FAST: PoolOptions = { size: 2, maxMethodShare: 1, maxWaitMs: 0, maxQueue: 0 };
const WAITING: PoolOptions = { size: 1, maxMethodShare: 1, maxWaitMs: 100, maxQueue: 10 };

/** A pool with calls of many methods, each method with one call unless told otherwise. */
class Scene {
  readonly pool: Pool;
  readonly log: string[] = [];
  nowMs = 0;

  constructor(options: PoolOptions) {
    this.pool = new Pool('normal', options);
  }

  caller(name: string): RecordingCaller {
    return new RecordingCaller(name, this.log);
  }

  acquire(name: string, account = new SlotAccount(), deadlineMs = 10_000): Slot {
    return this.pool.acquire(account, this.caller(name), this.nowMs, deadlineMs);
  }

  refused(name: string, account?: SlotAccount, deadlineMs?: number): string {
    try {
      this.acquire(name, account, deadlineMs);
    } catch (error) {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.code, 'BULKHEAD_FULL');
      assert.deepEqual(error.extensions, { pool: 'normal' });
      return error.detail;
    }
    return assert.fail(`${name} was not refused`);
  }

  tick(nowMs: number): void {
    this.nowMs = nowMs;
    this.pool.tick(nowMs);
  }
}

describe('Pool', () => {
  it('refuses at once when no slot is free', () => {
    const scene = new Scene(FAIL_FAST);
    const first = scene.acquire('a');
    assert.equal(first.state, 'held');
    scene.acquire('b');
    assert.equal(scene.refused('c'), 'The normal pool has no free slot for the call.');
    assert.equal(scene.pool.tryAcquire(new SlotAccount(), scene.caller('d')), undefined);
    assert.deepEqual([scene.pool.active, scene.pool.waiting, scene.pool.counters.rejectedTotal], [2, 0, 1]);
    first.release();
    assert.equal(scene.pool.tryAcquire(new SlotAccount(), scene.caller('e'))?.state, 'held');
  });

  it('frees a slot once, however often it is released', () => {
    const scene = new Scene(FAIL_FAST);
    const slot = scene.acquire('a');
    scene.acquire('b');
    slot.release();
    slot.release();
    assert.equal(slot.state, 'released');
    assert.equal(scene.pool.active, 1);
  });

  it('gives no slot to anybody when its size is 0', () => {
    const scene = new Scene({ ...FAIL_FAST, size: 0 });
    scene.refused('a');
    assert.equal(scene.pool.hasRoomFor(new SlotAccount()), false);
  });

  it('gives one method no more than its share, rounded down, and at least one slot', () => {
    const shares = [
      { size: 5, maxMethodShare: 0.5, slots: 2 },
      { size: 100, maxMethodShare: 0.29, slots: 29 },
      { size: 10, maxMethodShare: 0.01, slots: 1 },
    ];
    for (const { slots, ...rule } of shares) {
      const scene = new Scene({ ...FAIL_FAST, ...rule });
      const account = new SlotAccount();
      for (let i = 0; i < slots; i++) scene.acquire('mine', account);
      assert.match(scene.refused('mine', account), /as many calls in the normal pool as one method may have/);
      assert.equal(account.activeIn('normal'), slots);
      assert.equal(scene.acquire('other').state, 'held');
    }
  });

  it('sets no limit to a method whose share comes to the whole pool', () => {
    for (const maxMethodShare of [0.5, 1]) {
      const scene = new Scene({ ...WAITING, maxMethodShare });
      const account = new SlotAccount();
      scene.acquire('a', account);
      assert.equal(scene.acquire('b', account).state, 'waiting');
    }
  });

  it('counts the calls a method waits for into its share', () => {
    const scene = new Scene({ size: 4, maxMethodShare: 0.5, maxWaitMs: 100, maxQueue: 10 });
    for (let i = 0; i < 4; i++) scene.acquire('others');
    const account = new SlotAccount();
    scene.acquire('w1', account);
    scene.acquire('w2', account);
    assert.equal(account.waitingIn('normal'), 2);
    assert.match(scene.refused('w3', account), /as one method may have/);
    assert.equal(account.isIdle, false);
  });

  it('hands a slot to the first who waits, in the same step as it is given back', () => {
    const scene = new Scene(WAITING);
    const a = scene.acquire('a');
    const b = scene.acquire('b');
    const c = scene.acquire('c');
    assert.deepEqual([b.state, c.state, scene.pool.waiting], ['waiting', 'waiting', 2]);
    a.release();
    assert.deepEqual([b.state, c.state, scene.pool.active], ['held', 'waiting', 1]);
    b.release();
    c.release();
    assert.deepEqual(scene.log, ['b in normal', 'c in normal']);
    assert.equal(scene.pool.active, 0);
  });

  it('never lets newcomers have the turn of one who waits: not between the release and its next microtask, nor later', async () => {
    // A bulkhead that frees the slot first and lets the queued call enter later would refuse b and run c and d.
    const scene = new Scene({ ...WAITING, maxQueue: 1 });
    const a = scene.acquire('a');
    const b = scene.acquire('b');
    queueMicrotask(() => a.release());
    queueMicrotask(() => void scene.acquire('c'));
    queueMicrotask(() => void scene.refused('d'));
    await turn();
    assert.equal(b.state, 'held');
    assert.deepEqual(scene.log, ['b in normal']);
    assert.deepEqual([scene.pool.active, scene.pool.waiting], [1, 1]);
    b.release();
    assert.deepEqual(scene.log, ['b in normal', 'c in normal']);
  });

  it('sends a newcomer to the end of the line also while the line is being served', () => {
    const scene = new Scene({ ...WAITING, size: 3 });
    const held = [scene.acquire('a'), scene.acquire('b'), scene.acquire('c')];
    const first = scene.caller('first');
    first.whenHeld = (slot) => {
      held[1]!.release();
      held[2]!.release();
      slot.release();
      assert.equal(scene.pool.active, 0);
      assert.equal(scene.acquire('newcomer').state, 'waiting');
    };
    scene.pool.acquire(new SlotAccount(), first, 0, 10_000);
    scene.acquire('second');
    held[0]!.release();
    assert.deepEqual(scene.log, ['first in normal', 'second in normal', 'newcomer in normal']);
    assert.equal(scene.pool.active, 2);
  });

  it('lets one whose call was aborted leave the line at once', () => {
    const scene = new Scene({ ...WAITING, maxQueue: 2 });
    const a = scene.acquire('a');
    const account = new SlotAccount();
    const b = scene.acquire('b', account);
    scene.acquire('c');
    scene.refused('d');
    b.release();
    assert.equal(account.isIdle, true);
    assert.equal(scene.acquire('e').state, 'waiting');
    a.release();
    assert.deepEqual(scene.log, ['c in normal']);
    scene.tick(1_000);
    assert.deepEqual(scene.log, ['c in normal', 'e BULKHEAD_FULL normal']);
  });

  it("ends a wait after maxWaitMs, or at the call's deadline if that comes first", () => {
    const scene = new Scene(WAITING);
    const a = scene.acquire('a');
    const patient = scene.acquire('patient');
    const hasty = scene.acquire('hasty', undefined, 50);
    assert.equal(scene.refused('late', undefined, 0), 'The normal pool has no free slot for the call.');
    scene.tick(40);
    assert.deepEqual(scene.log, []);
    scene.tick(50);
    assert.equal(hasty.state, 'released');
    scene.tick(99);
    assert.equal(patient.state, 'waiting');
    scene.tick(100);
    assert.deepEqual(scene.log, ['hasty BULKHEAD_FULL normal', 'patient BULKHEAD_FULL normal']);
    assert.deepEqual(scene.pool.counters, { rejectedTotal: 3, waitTimedOutTotal: 2 });
    a.release();
    hasty.release();
    assert.deepEqual([scene.pool.active, scene.pool.waiting, scene.log.length], [0, 0, 2]);
  });

  it('serves a line of 20,000 that end at once without deep recursion', () => {
    const scene = new Scene({ ...WAITING, maxQueue: 20_000 });
    const a = scene.acquire('a');
    for (let i = 0; i < 20_000; i++) {
      const caller = scene.caller(String(i));
      caller.whenHeld = (slot) => slot.release();
      scene.pool.acquire(new SlotAccount(), caller, 0, 10_000);
    }
    a.release();
    assert.deepEqual(
      scene.log,
      Array.from({ length: 20_000 }, (_, i) => `${i} in normal`),
    );
    assert.deepEqual([scene.pool.active, scene.pool.waiting], [0, 0]);
  });

  it('serves the others at the next tick when a caller throws', () => {
    const scene = new Scene({ ...WAITING, size: 2 });
    const held = [scene.acquire('a'), scene.acquire('b')];
    const broken = scene.caller('broken');
    broken.whenHeld = (slot) => {
      slot.release();
      throw new Error('a fault');
    };
    scene.pool.acquire(new SlotAccount(), broken, 0, 10_000);
    scene.acquire('c');
    assert.throws(() => held[0]!.release(), /a fault/);
    scene.tick(10);
    assert.deepEqual(scene.log, ['broken in normal', 'c in normal']);
    assert.equal(scene.pool.active, 2);
  });

  it('books calls over to another pool as far as that has room, and serves those who wait with what is free', () => {
    const scene = new Scene({ ...WAITING, size: 3 });
    const slow = new Pool('slow', { size: 4, maxMethodShare: 0.5, maxWaitMs: 0, maxQueue: 0 });
    const account = new SlotAccount();
    const held = [1, 2, 3].map((i) => scene.acquire(`a${i}`, account));
    scene.acquire('b');
    assert.equal(scene.pool.rebook(account, slow, 0), 2);
    assert.deepEqual(
      held.map(({ pool }) => pool.name),
      ['slow', 'slow', 'normal'],
    );
    assert.deepEqual([account.activeIn('normal'), account.activeIn('slow')], [1, 2]);
    assert.deepEqual([scene.pool.active, slow.active], [2, 2]);
    assert.deepEqual(scene.log, ['b in normal']);
    for (const slot of held) slot.release();
    assert.deepEqual([scene.pool.active, slow.active, account.isIdle], [1, 0, true]);
  });

  it('books a slot to another pool only if it is held and there is room', () => {
    const scene = new Scene(WAITING);
    const slow = new Pool('slow', { ...WAITING, size: 1 });
    const held = scene.acquire('a');
    const waiting = scene.acquire('b');
    assert.equal(waiting.moveTo(slow), false);
    assert.equal(held.moveTo(scene.pool), false);
    assert.equal(held.moveTo(slow), true);
    assert.equal(waiting.state, 'held');
    assert.equal(waiting.moveTo(slow), false);
    waiting.release();
    assert.equal(waiting.moveTo(slow), false);
    assert.deepEqual([scene.pool.active, slow.active], [0, 1]);
  });

  it('sends a method’s waiting calls on to the other pool: held, waiting there, or refused', () => {
    const scene = new Scene(WAITING);
    const slow = new Pool('slow', { size: 2, maxMethodShare: 1, maxWaitMs: 50, maxQueue: 1 });
    const other = scene.acquire('x');
    const account = new SlotAccount();
    slow.acquire(new SlotAccount(), scene.caller('s'), 0, 10_000);
    const calls = ['a1', 'a2', 'a3'].map((name) => scene.acquire(name, account));
    scene.acquire('b');
    assert.equal(scene.pool.rebook(account, slow, 20), 0);
    assert.deepEqual(scene.log, ['a1 in slow', 'a3 BULKHEAD_FULL slow']);
    assert.deepEqual(
      calls.map(({ state }) => state),
      ['held', 'waiting', 'released'],
    );
    assert.deepEqual([account.activeIn('slow'), account.waitingIn('slow'), account.waitingIn('normal')], [1, 1, 0]);
    other.release();
    calls[0]!.release();
    assert.deepEqual(scene.log.slice(2), ['b in normal', 'a2 in slow']);
  });

  it('keeps the deadline of a call that goes on waiting in another pool', () => {
    const scene = new Scene(WAITING);
    const slow = new Pool('slow', { ...WAITING, maxWaitMs: 1_000, maxMethodShare: 1 });
    const s = slow.acquire(new SlotAccount(), scene.caller('s'), 0, 10_000);
    scene.acquire('x');
    const account = new SlotAccount();
    slow.resize({ ...WAITING, size: 2, maxWaitMs: 1_000 });
    slow.acquire(new SlotAccount(), scene.caller('s2'), 0, 10_000);
    const a = scene.acquire('a', account);
    scene.pool.rebook(account, slow, 60);
    assert.deepEqual([a.state, a.pool.name, slow.waiting, scene.pool.waiting], ['waiting', 'slow', 1, 0]);
    slow.tick(90);
    assert.deepEqual(scene.log, []);
    slow.tick(100);
    assert.deepEqual(scene.log, ['a BULKHEAD_FULL slow']);
    s.release();
    assert.equal(slow.active, 1);
  });

  it('serves those who wait when it is made larger', () => {
    const scene = new Scene(WAITING);
    scene.acquire('a');
    for (const name of ['b', 'c', 'd']) scene.acquire(name);
    scene.pool.resize({ ...WAITING, size: 3 });
    assert.deepEqual(scene.log, ['b in normal', 'c in normal']);
    assert.deepEqual([scene.pool.active, scene.pool.waiting], [3, 1]);
  });

  it('lets calls in flight end when it is made smaller, and gives their slots to nobody', () => {
    const scene = new Scene({ ...WAITING, size: 3 });
    const held = ['a', 'b', 'c'].map((name) => scene.acquire(name));
    scene.acquire('d');
    scene.pool.resize({ ...FAIL_FAST, size: 1 });
    held[0]!.release();
    held[1]!.release();
    assert.deepEqual([scene.pool.active, scene.pool.size, scene.log.length], [1, 1, 0]);
    scene.refused('e');
    held[2]!.release();
    assert.deepEqual(scene.log, ['d in normal']);
  });

  it('holds each slot by a task of the limiter, and leaves none behind', async () => {
    const limit = pLimit(1);
    const pool = new Pool('normal', { ...WAITING, size: 2 }, limit);
    const account = new SlotAccount();
    const log: string[] = [];
    const slots = ['a', 'b', 'c', 'd'].map((name) => pool.acquire(account, new RecordingCaller(name, log), 0, 1_000));
    assert.deepEqual([limit.concurrency, limit.activeCount, limit.pendingCount], [2, 2, 0]);
    slots[0]!.release();
    await turn();
    assert.deepEqual([limit.activeCount, limit.pendingCount, pool.active], [2, 0, 2]);
    for (const slot of slots) slot.release();
    await turn();
    assert.deepEqual([limit.activeCount, limit.pendingCount, pool.active], [0, 0, 0]);
  });
});
