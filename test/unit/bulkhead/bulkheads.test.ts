import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BulkheadsScene } from './bulkheads-scene.ts';
import { QUICK_RULES } from './method-steps.ts';

const A = 'demo.Foo#a()';
const B = 'demo.Foo#b()';
const { slowCallMs, timeouts, minCalls } = QUICK_RULES;

describe('calls in flight when their method goes into quarantine', () => {
  it('are booked over within the end of the call that gave the last reason', () => {
    const scene = new BulkheadsScene();
    const [last, ...others] = scene.enterMany(A, timeouts + 3);
    scene.end(others.slice(0, timeouts - 1), 'timeout');
    assert.deepEqual(scene.active, [4, 0, 0]);
    last!.end('timeout', 0);
    assert.deepEqual(scene.active, [0, 3, 0], 'normal has its slots back at once');
    assert.deepEqual(
      others.slice(timeouts - 1).map(({ pool }) => pool),
      ['slow', 'slow', 'slow'],
    );
    scene.end(others);
    assert.deepEqual(scene.active, [0, 0, 0]);
  });

  it('are booked over by a tick that finds them slow', () => {
    const scene = new BulkheadsScene();
    const calls = scene.enterMany(A, minCalls);
    scene.pass(slowCallMs - 1);
    assert.deepEqual(scene.active, [minCalls, 0, 0]);
    scene.pass(1);
    assert.deepEqual(scene.active, [0, minCalls, 0]);
    scene.end(calls);
    assert.deepEqual(scene.active, [0, 0, 0]);
  });

  it('are booked over by the next call that finds them slow, before it chooses its own pool', () => {
    const scene = new BulkheadsScene({ slow: { size: 5 } });
    const calls = scene.enterMany(A, minCalls);
    scene.nowMs = slowCallMs;
    const next = scene.enter(A);
    assert.equal(next.pool, 'slow');
    assert.deepEqual(scene.active, [0, minCalls + 1, 0]);
    scene.end([...calls, next]);
    assert.deepEqual(scene.active, [0, 0, 0]);
  });

  it('are booked over by an order of the operator', () => {
    const scene = new BulkheadsScene();
    const calls = scene.enterMany(A, 2);
    scene.bulkheads.methods.find(A)!.quarantine(0);
    assert.deepEqual(scene.active, [0, 2, 0]);
    scene.end(calls);
    assert.deepEqual(scene.active, [0, 0, 0]);
  });

  it('stay in the normal pool as far as the slow one has no room, the oldest go first', () => {
    const scene = new BulkheadsScene({ slow: { size: 2 } });
    const calls = scene.enterMany(A, 5);
    scene.bulkheads.methods.find(A)!.quarantine(0);
    assert.deepEqual(
      calls.map(({ pool }) => pool),
      ['slow', 'slow', 'normal', 'normal', 'normal'],
    );
    scene.end(calls);
    assert.deepEqual(scene.active, [0, 0, 0]);
  });

  it('free normal slots for others who wait, in the middle of it', () => {
    const scene = new BulkheadsScene({ normal: { size: 3, maxWaitMs: 1_000 } });
    const calls = scene.enterMany(A, 3);
    const waiting = scene.enter(B, 'b');
    scene.bulkheads.methods.find(A)!.quarantine(0);
    assert.deepEqual(scene.log, ['b in normal']);
    waiting.start(0);
    assert.deepEqual(scene.active, [1, 3, 0]);
    scene.end([...calls, waiting]);
    assert.deepEqual(scene.active, [0, 0, 0]);
  });

  it('take those of the method along that wait', () => {
    const scene = new BulkheadsScene({ normal: { size: 2, maxWaitMs: 1_000 }, slow: { size: 3 } });
    const calls = scene.enterMany(A, 2);
    const [served, refused] = [scene.enter(A, 'served'), scene.enter(A, 'refused')];
    scene.bulkheads.methods.find(A)!.quarantine(0);
    assert.deepEqual(scene.log, ['served in slow', 'refused BULKHEAD_FULL slow']);
    served.start(0);
    assert.deepEqual(scene.active, [0, 3, 0]);
    scene.end([...calls, served, refused]);
    assert.deepEqual(scene.active, [0, 0, 0]);
    assert.equal(scene.bulkheads.methods.find(A)!.inFlight, 0);
  });

  it('touch no slot of another method', () => {
    const scene = new BulkheadsScene();
    const others = scene.enterMany(B, 3);
    scene.enterMany(A, 2);
    scene.bulkheads.methods.find(A)!.quarantine(0);
    assert.deepEqual(
      others.map(({ pool }) => pool),
      ['normal', 'normal', 'normal'],
    );
    assert.deepEqual(scene.bulkheads.activeOf(B), { normal: 3, slow: 0, heartbeat: 0 });
  });
});

describe('Bulkheads', () => {
  it('has one gate a key and tells who asks about any key', () => {
    const { bulkheads } = new BulkheadsScene();
    const gate = bulkheads.gate(A);
    assert.equal(bulkheads.gate(A), gate);
    assert.notEqual(bulkheads.gate(B), gate);
    assert.deepEqual(bulkheads.activeOf('x'), { normal: 0, slow: 0, heartbeat: 0 });
  });

  it('keeps gates and calls in flight of what stays configured, and lets go of the rest', () => {
    const scene = new BulkheadsScene({ normal: { size: 4 } });
    const { bulkheads } = scene;
    const [kept, gone] = [bulkheads.gate(A), bulkheads.gate(B)];
    const calls = [scene.enter(A), scene.enter(B)];
    const pool = { size: 1, maxMethodShare: 1, maxWaitMs: 0, maxQueue: 0 };
    bulkheads.configure(
      { normal: pool, slow: pool, heartbeat: pool },
      () => QUICK_RULES,
      0,
      (key) => key === A,
    );
    assert.equal(bulkheads.gate(A), kept);
    assert.notEqual(bulkheads.gate(B), gone);
    assert.equal(bulkheads.methods.find(B), undefined);
    assert.equal(bulkheads.pools.status('normal').active, 2, 'beyond the new size');
    scene.end(calls);
    assert.deepEqual(scene.active, [0, 0, 0]);
  });

  it('asks for ticks every 100 ms as long as there are methods, every 10 ms while somebody waits', () => {
    const scene = new BulkheadsScene({ normal: { size: 1, maxWaitMs: 1_000 } });
    assert.equal(scene.pass(0), 0, 'nothing to look at');
    const held = scene.enter(A);
    assert.deepEqual(scene.wakes, [100]);
    assert.equal(scene.pass(10), 100);
    const waiting = scene.enter(A);
    assert.deepEqual(scene.wakes, [100, 10]);
    assert.equal(scene.pass(10), 10);
    held.end('ok', scene.nowMs);
    assert.equal(scene.pass(10), 100);
    waiting.end('ok', scene.nowMs);
    assert.equal(scene.pass(10), 100, 'a gate without calls is looked at, too: its method may be in quarantine');
  });

  it('tells of transitions after what was booked over, once each', () => {
    const seen: number[][] = [];
    const scene = new BulkheadsScene();
    scene.transitions.push = (...transitions) => {
      seen.push(scene.active);
      return Array.prototype.push.apply(scene.transitions, transitions);
    };
    const calls = scene.enterMany(A, 2);
    scene.bulkheads.methods.find(A)!.quarantine(0);
    scene.bulkheads.methods.find(A)!.release(1);
    assert.deepEqual(seen, [
      [0, 2, 0],
      [0, 2, 0],
    ]);
    assert.deepEqual(
      scene.transitions.map(({ to }) => to),
      ['quarantined', 'healthy'],
    );
    scene.end(calls);
    assert.deepEqual(scene.active, [0, 0, 0], 'slots booked over before the return are given back');
  });

  it('shows pools and methods', () => {
    const scene = new BulkheadsScene();
    scene.timeOut(A);
    const call = scene.enter(A);
    scene.nowMs = 500;
    const status = scene.bulkheads.status(scene.nowMs, 1_700_000_000_000);
    assert.deepEqual(status.pools.slow, {
      size: 4,
      active: 1,
      waiting: 0,
      rejectedTotal: 0,
      waitTimedOutTotal: 0,
      overflowedTotal: 0,
    });
    assert.deepEqual(
      status.methods.map(({ key, state, active }) => [key, state, active]),
      [[A, 'quarantined', { normal: 0, slow: 1, heartbeat: 0 }]],
    );
    assert.equal(status.events.length, 1);
    scene.end([call]);
  });
});
