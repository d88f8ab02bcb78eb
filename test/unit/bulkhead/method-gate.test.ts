import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QuarantineRules } from '../../../src/bulkhead/method-rules.ts';
import { BulkheadsScene, type PoolsInput } from './bulkheads-scene.ts';
import { QUICK_RULES } from './method-steps.ts';

const A = 'demo.Foo#a()';
const B = 'demo.Foo#b()';

function quarantined(pools: PoolsInput = {}, rules: Partial<QuarantineRules> = {}): BulkheadsScene {
  const scene = new BulkheadsScene(pools, rules);
  scene.timeOut(A);
  assert.equal(scene.stateOf(A), 'quarantined');
  assert.deepEqual(scene.active, [0, 0, 0]);
  return scene;
}

describe('a gate', () => {
  it('gives a healthy call a normal slot and takes it back once', () => {
    const scene = new BulkheadsScene();
    const call = scene.enter(A);
    assert.deepEqual([call.isWaiting, call.pool, call.isInFlight], [false, 'normal', true]);
    assert.deepEqual(scene.active, [1, 0, 0]);
    assert.deepEqual(scene.bulkheads.activeOf(A), { normal: 1, slow: 0, heartbeat: 0 });
    call.end('ok', 5);
    call.end('timeout', 5);
    assert.deepEqual(scene.active, [0, 0, 0]);
    assert.deepEqual(scene.bulkheads.methods.find(A)!.counts(5), { calls: 1, timeouts: 0, slow: 0, failed: 0 });
    assert.equal(scene.bulkheads.methods.find(A)!.inFlight, 0);
  });

  it('counts ends as the health of the method does', () => {
    const scene = new BulkheadsScene();
    for (const verdict of ['ok', 'exception', 'timeout', 'neutral', 'cancelled'] as const)
      scene.enter(A).end(verdict, 0);
    assert.deepEqual(scene.bulkheads.methods.find(A)!.counts(0), { calls: 3, timeouts: 1, slow: 0, failed: 1 });
  });

  it('sends calls in quarantine to the slow pool, and a share of them as probes to the heartbeat pool', () => {
    const scene = quarantined();
    const pools = scene.enterMany(A, 4).map(({ pool }) => pool);
    assert.deepEqual(pools, ['slow', 'slow', 'slow', 'heartbeat'], 'with a share of 0.25 each fourth call');
  });

  it('lets the next call be the probe when there is no heartbeat slot for it', () => {
    const scene = quarantined({ heartbeat: { size: 1 }, slow: { size: 100 } });
    const calls = scene.enterMany(A, 4);
    assert.equal(calls[3]!.pool, 'heartbeat');
    const further = scene.enterMany(A, 5);
    assert.deepEqual(
      further.map(({ pool }) => pool),
      ['slow', 'slow', 'slow', 'slow', 'slow'],
      'the one slot is taken: the chosen calls are ordinary ones',
    );
    assert.ok(
      further.every(({ isProbe }) => !isProbe),
      'and are not judged as probes',
    );
    calls[3]!.end('ok', 0);
    assert.equal(scene.enter(A).pool, 'heartbeat', 'the very next call, not one a share later');
  });

  it('keeps the turn of a probe that is refused altogether', () => {
    const scene = quarantined({ heartbeat: { size: 1 }, slow: { size: 3 } });
    const slow = scene.enterMany(A, 3);
    const probe = scene.enter(A);
    assert.equal(probe.pool, 'heartbeat');
    for (let call = 0; call < 6; call++) assert.equal(scene.refusedBy(A), 'slow');
    assert.deepEqual(scene.active, [0, 3, 1], 'who was refused holds nothing');
    assert.equal(scene.bulkheads.methods.find(A)!.inFlight, 4);
    probe.end('ok', 0);
    const next = scene.enter(A);
    assert.deepEqual([next.pool, next.isProbe], ['heartbeat', true]);
    scene.end([...slow, next]);
    assert.deepEqual(scene.active, [0, 0, 0]);
  });

  it('comes back by its probes', () => {
    const scene = quarantined();
    scene.pass(QUICK_RULES.minQuarantineMs);
    for (let call = 0; call < 4 * QUICK_RULES.recoverAfter; call++) scene.end([scene.enter(A)]);
    assert.equal(scene.stateOf(A), 'healthy');
    assert.equal(scene.enter(A).pool, 'normal');
  });

  it('does not let a call slow the others that never began', () => {
    const scene = new BulkheadsScene({ normal: { size: 1, maxWaitMs: 5_000 } });
    const held = scene.enter(A);
    const waiting = scene.enter(A, 'waiting');
    scene.pass(QUICK_RULES.slowCallMs + 10);
    assert.equal(scene.bulkheads.methods.find(A)!.counts(scene.nowMs).slow, 1, 'the one that runs');
    waiting.end('cancelled', scene.nowMs);
    scene.end([held]);
    assert.deepEqual(scene.log, []);
  });
});

describe('a call that waits at a gate', () => {
  it('begins when it is started, in the pool that it got', () => {
    const scene = new BulkheadsScene({ normal: { size: 1, maxWaitMs: 100 } });
    const held = scene.enter(B);
    const waiting = scene.enter(A, 'waiting');
    assert.deepEqual([waiting.isWaiting, waiting.isInFlight], [true, false]);
    assert.equal(scene.wakes.at(-1), 10, 'waits are looked at every 10 ms');
    held.end('ok', 0);
    assert.deepEqual(scene.log, ['waiting in normal']);
    assert.deepEqual([waiting.isWaiting, waiting.isInFlight], [false, false]);
    waiting.start(50);
    assert.equal(waiting.startMs, 50, 'the wait is not counted as slowness');
    waiting.end('ok', 60);
    assert.deepEqual(scene.active, [0, 0, 0]);
  });

  it('leaves the line when it is cancelled, and nothing is heard of it', () => {
    const scene = new BulkheadsScene({ normal: { size: 1, maxWaitMs: 100 } });
    const held = scene.enter(B);
    const [first, second] = [scene.enter(A, 'first'), scene.enter(A, 'second')];
    first.end('cancelled', 0);
    assert.equal(scene.bulkheads.pools.waiting, 1);
    held.end('ok', 0);
    assert.deepEqual(scene.log, ['second in normal']);
    second.end('ok', 0);
    assert.deepEqual(scene.active, [0, 0, 0]);
    assert.deepEqual(scene.bulkheads.methods.find(A)!.counts(0), { calls: 0, timeouts: 0, slow: 0, failed: 0 });
  });

  it('gives its slot on when it is cancelled between being told and starting', () => {
    const scene = new BulkheadsScene({ normal: { size: 1, maxWaitMs: 100 } });
    const held = scene.enter(B);
    const [first, second] = [scene.enter(A, 'first'), scene.enter(A, 'second')];
    held.end('ok', 0);
    first.end('cancelled', 0);
    assert.deepEqual(scene.log, ['first in normal', 'second in normal']);
    second.end('ok', 0);
    assert.deepEqual(scene.active, [0, 0, 0]);
  });

  it('is refused at the end of its wait or at its deadline, whichever comes first', () => {
    const scene = new BulkheadsScene({ normal: { size: 1, maxWaitMs: 100 } });
    const held = scene.enter(B);
    const patient = scene.enter(A, 'patient');
    scene.enter(A, 'hasty', 30);
    assert.equal(scene.pass(40), 10);
    assert.deepEqual(scene.log, ['hasty BULKHEAD_FULL normal']);
    scene.pass(70);
    assert.deepEqual(scene.log.at(-1), 'patient BULKHEAD_FULL normal');
    patient.end('cancelled', scene.nowMs);
    held.end('ok', scene.nowMs);
    assert.deepEqual(scene.active, [0, 0, 0]);
    assert.equal(scene.bulkheads.pools.waiting, 0);
  });
});
