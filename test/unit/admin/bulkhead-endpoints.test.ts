import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BulkheadsAnswer, bulkheadsAnswer } from '../../../src/admin/answers/bulkheads-answer.ts';
import { type AdminHarness, API, KEYS, startAdmin } from './admin-harness.ts';

const PATH = `${API}/bulkheads`;
const EMPTY_POOL = { size: 10, active: 0, waiting: 0, rejectedTotal: 0, waitTimedOutTotal: 0, overflowedTotal: 0 };

async function bulkheads(admin: AdminHarness, query = ''): Promise<BulkheadsAnswer> {
  return bulkheadsAnswer.parse(await admin.json(`${PATH}${query}`));
}

function callOnce({ bulkheads, view }: AdminHarness, ...keys: readonly string[]): void {
  for (const key of keys) bulkheads.methods.method(key, view.clock.nowMs());
}

describe('GET bulkheads', () => {
  it('shows pools, admission, methods and events', async (context) => {
    const admin = await startAdmin(context);
    callOnce(admin, KEYS[0], KEYS[1]);
    admin.bulkheads.methods.find(KEYS[1])!.quarantine(admin.view.clock.nowMs(), 'test');
    const { pools, admission, methods, methodsTotal, nextAfter, events } = await bulkheads(admin);
    assert.deepEqual(pools, { normal: EMPTY_POOL, slow: EMPTY_POOL, heartbeat: EMPTY_POOL });
    assert.deepEqual(admission, { inFlight: 0, inFlightBytes: 0, waiting: 0, timedOutTotal: 0, queueFullTotal: 0 });
    assert.deepEqual(
      methods.map(({ key, state, reason, by }) => [key, state, reason, by]),
      [
        [KEYS[1], 'quarantined', 'test', 'operator'],
        [KEYS[0], 'healthy', null, null],
      ],
    );
    assert.deepEqual([methodsTotal, nextAfter], [2, null]);
    assert.deepEqual(
      events.map(({ method, from, to, reason, by }) => [method, from, to, reason, by]),
      [[KEYS[1], 'healthy', 'quarantined', 'test', 'operator']],
    );
    assert.ok(Math.abs(Date.parse(events[0]!.at) - Date.now()) < 60_000);
  });

  it('has null for what is off', async (context) => {
    const admin = await startAdmin(context, {}, {}, { bulkheads: undefined, admission: undefined });
    assert.deepEqual(await bulkheads(admin), {
      pools: null,
      admission: null,
      methods: [],
      methodsTotal: 0,
      nextAfter: null,
      events: [],
    });
  });

  it('shows the methods of one state only, when asked', async (context) => {
    const admin = await startAdmin(context);
    callOnce(admin, ...KEYS);
    admin.bulkheads.methods.find(KEYS[2])!.quarantine(admin.view.clock.nowMs());
    const quarantined = await bulkheads(admin, '?state=quarantined');
    assert.deepEqual(
      quarantined.methods.map(({ key }) => key),
      [KEYS[2]],
    );
    assert.equal(quarantined.methodsTotal, 1);
    assert.equal((await bulkheads(admin, '?state=healthy')).methodsTotal, 3);
  });

  it('shows the first thousand, and the others page by page, those in quarantine first', async (context) => {
    const admin = await startAdmin(context);
    const keys = Array.from({ length: 2_300 }, (_, index) => `demo.Many#m${index}()`);
    callOnce(admin, ...keys);
    const nowMs = admin.view.clock.nowMs();
    admin.bulkheads.methods.find(keys[2_200]!)!.quarantine(nowMs);
    admin.bulkheads.methods.find(keys[2_100]!)!.pin(nowMs);
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: BulkheadsAnswer = await bulkheads(admin, after === '' ? '' : `?after=${encodeURIComponent(after)}`);
      assert.equal(page.methodsTotal, 2_300);
      seen.push(...page.methods.map(({ key }) => key));
      sizes.push(page.methods.length);
      after = page.nextAfter;
    }
    assert.deepEqual(sizes, [1_000, 1_000, 300]);
    assert.deepEqual(seen.slice(0, 3), [keys[2_200], keys[2_100], keys[0]]);
    assert.deepEqual(seen.toSorted(), keys.toSorted());
    const small = await bulkheads(admin, `?limit=2&after=${encodeURIComponent(keys[2_100]!)}`);
    assert.deepEqual([small.methods.map(({ key }) => key), small.nextAfter], [[keys[0], keys[1]], keys[1]]);
  });

  it('refuses a query it does not know, with the nearest right one', async (context) => {
    const admin = await startAdmin(context);
    const cases = {
      '?limt=1': 'The query has no member "limt"; did you mean "limit"?',
      '?limit=0': 'query.limit: Too small: expected number to be >=1.',
      '?limit=2001': 'query.limit: Too big: expected number to be <=2000.',
      '?limit=x': 'query.limit: Invalid input: expected number, received NaN.',
      '?limit=1&limit=2': 'query.limit: Invalid input: expected number, received NaN.',
      '?state=sick': 'query.state: Invalid option: expected one of "healthy"|"quarantined".',
      '?after=demo.Foo%23gone()': 'query.after: no such method is known any more; begin with the first page.',
      '?__proto__=1': 'The query has no member "__proto__"; it has "state", "limit", "after".',
    };
    for (const [query, detail] of Object.entries(cases)) {
      const problem = await admin.problem(`${PATH}${query}`);
      assert.deepEqual([problem.status, problem.code, problem.detail], [400, 'REQUEST_INVALID', detail], query);
    }
  });

  it('changes nothing', async (context) => {
    const admin = await startAdmin(context);
    callOnce(admin, ...KEYS);
    const first = await bulkheads(admin);
    for (let index = 0; index < 20; index++) await bulkheads(admin);
    assert.deepEqual(await bulkheads(admin), first);
  });
});
