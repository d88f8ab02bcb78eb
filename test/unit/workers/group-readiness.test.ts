import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Readiness } from '../../../src/admin/admin-view.ts';
import { GroupReadiness } from '../../../src/workers/group-readiness.ts';
import { FakeGroup } from './fake-group.ts';

function answer(registries: boolean, ...missingRegistries: readonly string[]): Readiness {
  return { ready: registries, checks: { listening: true, serving: true, registries }, missingRegistries };
}

const GOOD = answer(true);

describe('GroupReadiness', () => {
  it('waits for all workers at the start', () => {
    const group = new FakeGroup({}, {});
    const readiness = new GroupReadiness();
    group.set(2, { state: 'starting' });
    assert.deepEqual(readiness.readiness(group.workers, [GOOD], true), {
      ready: false,
      checks: { listening: false, answering: true, serving: true, registries: true },
      missingRegistries: [],
    });
    group.set(2, { state: 'serving' });
    assert.deepEqual(readiness.readiness(group.workers, [GOOD, answer(false, 'main')], true), {
      ready: false,
      checks: { listening: true, answering: true, serving: true, registries: false },
      missingRegistries: ['main'],
    });
    assert.equal(readiness.readiness(group.workers, [GOOD, GOOD], true).ready, true);
  });

  it('is content with one worker after that', () => {
    const group = new FakeGroup({}, {});
    const readiness = new GroupReadiness();
    assert.equal(readiness.readiness(group.workers, [GOOD, GOOD], true).ready, true);
    group.set(1, { state: 'down' });
    assert.equal(readiness.readiness(group.workers, [GOOD], true).ready, true);
    group.set(1, { state: 'serving' });
    assert.equal(readiness.readiness(group.workers, [answer(false, 'main'), GOOD], true).ready, true);
    assert.equal(readiness.readiness(group.workers, [answer(false, 'main')], true).ready, false);
  });

  it('is not ready while no worker listens or answers, or the group is about to end', () => {
    const group = new FakeGroup({});
    const readiness = new GroupReadiness();
    assert.equal(readiness.readiness(group.workers, [GOOD], true).ready, true);
    assert.equal(readiness.readiness(group.workers, [GOOD], false).ready, false);
    assert.equal(readiness.readiness(group.workers, [], true).ready, false);
    group.set(1, { state: 'down' });
    assert.equal(readiness.readiness(group.workers, [], true).ready, false);
  });
});
