import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { methodPage } from '../../../../src/admin/method-page.ts';
import { runAtOnce } from '../../../../src/time/run-in-slices.ts';
import { mergeLoad } from '../../../../src/workers/merge/merge-load.ts';
import { mergeMethodIndexes } from '../../../../src/workers/merge/merge-method-indexes.ts';
import { MethodHistory } from '../../../../src/workers/method-history.ts';
import type { MethodIndex, WorkerLoad } from '../../../../src/workers/worker-requests.ts';
import { workerMethod } from './samples.ts';

const NOTHING = new MethodHistory();
const STANDING = {
  state: 'quarantined',
  isPinned: false,
  sinceMs: 0,
  reason: 'why',
  by: 'gateway',
  quarantinesInARow: 1,
} as const;

function pool(size: number) {
  return { size, active: 1, waiting: 2, rejectedTotal: 3, waitTimedOutTotal: 4, overflowedTotal: 5 };
}

function load(own: Partial<WorkerLoad> = {}): WorkerLoad {
  return {
    pools: { normal: pool(3), slow: pool(2), heartbeat: pool(1) },
    admission: { inFlight: 1, inFlightBytes: 10, waiting: 2, timedOutTotal: 3, queueFullTotal: 4 },
    methods: [],
    ...own,
  };
}

describe('mergeLoad()', () => {
  it('adds up pools and admission', () => {
    const { pools, admission } = mergeLoad([load(), load()], [], NOTHING);
    assert.deepEqual(pools?.normal, {
      size: 6,
      active: 2,
      waiting: 4,
      rejectedTotal: 6,
      waitTimedOutTotal: 8,
      overflowedTotal: 10,
    });
    assert.deepEqual([pools?.slow.size, pools?.heartbeat.size], [4, 2]);
    assert.deepEqual(admission, { inFlight: 2, inFlightBytes: 20, waiting: 4, timedOutTotal: 6, queueFullTotal: 8 });
  });

  it('has null for what no worker has', () => {
    const off = load({ pools: null, admission: null });
    assert.deepEqual(mergeLoad([off, off], [], NOTHING), { pools: null, admission: null, methods: [], events: [] });
    assert.equal(mergeLoad([off, load()], [], NOTHING).pools?.normal.size, 3);
  });

  it('shows the methods that were asked for in their order, and leaves out what nobody remembers any more', () => {
    const one = load({ methods: [workerMethod({ key: 'b' }), workerMethod({ key: 'a' })] });
    const other = load({ methods: [workerMethod({ key: 'a' })] });
    const history = new MethodHistory();
    history.record({ ...STANDING, method: 'a' });
    const { methods } = mergeLoad([one, other], ['a', 'gone', 'b'], history);
    assert.deepEqual(
      methods.map(({ key, quarantinedTotal }) => [key, quarantinedTotal]),
      [
        ['a', 1],
        ['b', 0],
      ],
    );
  });

  it('has the events of the group', () => {
    const history = new MethodHistory();
    history.record({ ...STANDING, method: 'a' });
    assert.deepEqual(mergeLoad([load()], [], history).events, history.events);
    assert.equal(history.events.length, 1);
    assert.deepEqual(mergeLoad([load({ pools: null })], [], history).events, []);
  });
});

describe('mergeMethodIndexes()', () => {
  const index = (own: Partial<MethodIndex>): MethodIndex => ({ quarantined: [], pinned: [], others: [], ...own });

  it('has each method once, in the state that most needs to be seen', () => {
    const methods = runAtOnce(
      mergeMethodIndexes([
        index({ quarantined: ['q'], pinned: ['p'], others: ['a', 'b', 'x'] }),
        index({ quarantined: ['x'], pinned: ['b'], others: ['q', 'p', 'c', 'a'] }),
      ]),
    );
    const page = methodPage(methods, { limit: 10 });
    assert.deepEqual(
      page.methods.map(({ key }) => key),
      ['q', 'x', 'p', 'b', 'a', 'c'],
    );
    assert.equal(page.total, 6);
    const quarantined = methodPage(methods, { limit: 10, state: 'quarantined' });
    assert.deepEqual(
      quarantined.methods.map(({ key }) => key),
      ['q', 'x'],
    );
  });

  it('can be interrupted often', () => {
    const others = Array.from({ length: 10_000 }, (_, number) => `m${number}`);
    const steps = mergeMethodIndexes([index({ others }), index({ others })]);
    let interruptions = 0;
    while (steps.next().done !== true) interruptions++;
    assert.ok(interruptions >= 20, `${interruptions} interruptions`);
  });
});
