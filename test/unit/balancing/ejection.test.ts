import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Ejection } from '../../../src/balancing/ejection.ts';

const BASE_MS = 1_000;
const MAX_MS = 3_500;

describe('Ejection', () => {
  it('lasts longer each time, up to the most', () => {
    const ejection = new Ejection();
    let nowMs = 0;
    const lasted: number[] = [];
    for (let i = 0; i < 5; i++) {
      ejection.eject('ill', BASE_MS, MAX_MS, nowMs);
      lasted.push(ejection.dueMs - nowMs);
      nowMs = ejection.dueMs;
      assert.equal(ejection.tryProbe(nowMs), true);
      ejection.restore(nowMs);
    }
    assert.deepEqual(lasted, [1_000, 2_000, 3_000, 3_500, 3_500]);
  });

  it('forgets an ejection when it was in for as long as it was out', () => {
    const ejection = new Ejection();
    for (const atMs of [0, 1_000]) ejection.eject('ill', BASE_MS, MAX_MS, atMs);
    assert.equal(ejection.dueMs, 3_000);
    ejection.tryProbe(3_000);
    ejection.restore(3_000);
    ejection.eject('ill', BASE_MS, MAX_MS, 5_000);
    assert.equal(ejection.dueMs - 5_000, 2_000, 'one of two was forgotten');
    ejection.tryProbe(7_000);
    ejection.restore(7_000);
    ejection.eject('ill', BASE_MS, MAX_MS, 100_000);
    assert.equal(ejection.dueMs - 100_000, 1_000);
  });

  it('sends one probe when its time is over, and another one when that is lost or says nothing', () => {
    const ejection = new Ejection();
    ejection.eject('ill', BASE_MS, MAX_MS, 0);
    assert.equal(ejection.state, 'out');
    assert.equal(ejection.tryProbe(999), false);
    assert.equal(ejection.tryProbe(1_000), true);
    assert.equal(ejection.state, 'probing');
    assert.equal(ejection.tryProbe(1_001), false);
    assert.equal(ejection.tryProbe(61_000), true);
    ejection.returnProbe(61_500);
    assert.equal(ejection.tryProbe(61_500), true);
  });

  it('takes no call for a probe that began before it', () => {
    const ejection = new Ejection();
    assert.equal(ejection.isProbe(0), false);
    ejection.eject('ill', BASE_MS, MAX_MS, 0);
    assert.equal(ejection.isProbe(500), false);
    ejection.tryProbe(1_500);
    assert.equal(ejection.isProbe(1_499), false);
    assert.equal(ejection.isProbe(1_500), true);
    ejection.restore(1_600);
    assert.equal(ejection.isProbe(1_500), false);
    assert.equal(ejection.reason, undefined);
  });

  it('is never out for longer than the most, nor for less than the base', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 40 }), (pauses) => {
        const ejection = new Ejection();
        let nowMs = 0;
        for (const pauseMs of pauses) {
          nowMs += pauseMs;
          ejection.eject('ill', BASE_MS, MAX_MS, nowMs);
          const forMs = ejection.dueMs - nowMs;
          assert.ok(forMs >= BASE_MS && forMs <= MAX_MS);
          nowMs = ejection.dueMs;
          assert.equal(ejection.tryProbe(nowMs), true);
          ejection.restore(nowMs);
        }
      }),
    );
  });
});
