import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ListProtection, providerMap } from '../../../src/registry/list-protection.ts';
import { ProtectedLists } from '../../../src/registry/protected-lists.ts';
import type { ProviderInstance } from '../../../src/registry/provider-instance.ts';

const GRACE_MS = 1_000;

function provider(port: number, version = ''): ProviderInstance {
  const key = `h:${port}`;
  return {
    ...{ address: { host: 'h', port, key }, version, group: '', application: '', token: '', weight: 100, warmupMs: 0 },
    ...{ startedAtMs: undefined, tag: '', zone: '', isDisabled: false },
  };
}

class Protected {
  readonly #list = new ListProtection(GRACE_MS);

  update(ports: readonly number[], nowMs: number, afterAbsence = false): number[] {
    const kept = this.#list.update(providerMap(ports.map((port) => provider(port))), nowMs, afterAbsence);
    return [...kept.values()].map(({ address }) => address.port).sort((a, b) => a - b);
  }

  get dueMs(): number {
    return this.#list.dueMs;
  }
}

describe('ListProtection', () => {
  it('follows a list that loses some', () => {
    const list = new Protected();
    assert.deepEqual(list.update([1, 2, 3], 0), [1, 2, 3]);
    assert.deepEqual(list.update([3], 1), [3]);
    assert.equal(list.dueMs, Number.POSITIVE_INFINITY);
  });

  it('keeps a list that is emptied, until the grace time is over', () => {
    const list = new Protected();
    list.update([1, 2], 0);
    assert.deepEqual(list.update([], 10), [1, 2]);
    assert.equal(list.dueMs, 10 + GRACE_MS);
    assert.deepEqual(list.update([], 10 + GRACE_MS - 1), [1, 2]);
    assert.deepEqual(list.update([], 10 + GRACE_MS), []);
  });

  it('adds whoever comes back meanwhile to those that are kept', () => {
    const list = new Protected();
    list.update([1, 2, 3], 0);
    list.update([], 10);
    assert.deepEqual(list.update([2, 9], 20), [1, 2, 3, 9]);
    assert.deepEqual(list.update([2, 9], 10 + GRACE_MS), [2, 9]);
  });

  it('ends as soon as everybody is back', () => {
    const list = new Protected();
    list.update([1, 2], 0);
    list.update([], 10);
    assert.deepEqual(list.update([1, 2], 20), [1, 2]);
    assert.equal(list.dueMs, Number.POSITIVE_INFINITY);
    assert.deepEqual(list.update([1], 30), [1]);
  });

  it('keeps a list that has lost more than half when the registry is back', () => {
    const list = new Protected();
    list.update([1, 2, 3], 0);
    assert.deepEqual(list.update([1], 10, true), [1, 2, 3]);
    assert.deepEqual(list.update([1], 10 + GRACE_MS), [1]);
    assert.deepEqual(list.update([1, 2], 2_000, true), [1, 2]);
    assert.deepEqual(list.update([2], 2_001, true), [2]);
  });

  it('takes an empty list for true when it was empty before', () => {
    assert.deepEqual(new Protected().update([], 0), []);
  });

  it('never holds on for longer than the grace time, and always has whoever is named', () => {
    const step = fc.record({
      ports: fc.uniqueArray(fc.integer({ min: 1, max: 6 })),
      afterMs: fc.integer({ min: 0, max: 700 }),
      afterAbsence: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const list = new Protected();
        const namedAtMs = new Map<number, number>();
        let nowMs = 0;
        for (const { ports, afterMs, afterAbsence } of steps) {
          // The owner comes when a list is due.
          if (list.dueMs <= nowMs + afterMs) nowMs = Math.max(nowMs, list.dueMs);
          else nowMs += afterMs;
          const kept = list.update(ports, nowMs, afterAbsence);
          for (const port of ports) {
            assert.ok(kept.includes(port));
            namedAtMs.set(port, nowMs);
          }
          for (const port of kept) assert.ok(namedAtMs.has(port), 'only whoever was ever named');
        }
        for (let i = 0; i < 3; i++) nowMs += GRACE_MS;
        assert.deepEqual(list.update(steps.at(-1)?.ports ?? [], nowMs), [...(steps.at(-1)?.ports ?? [])].sort());
      }),
    );
  });
});

describe('ProtectedLists', () => {
  it('protects each version by itself', () => {
    const lists = new ProtectedLists(GRACE_MS);
    lists.update([provider(1, '1'), provider(2, '2')], 0, false);
    const kept = lists.update([provider(1, '1')], 10, false);
    assert.deepEqual(kept.map(({ version }) => version).sort(), ['1', '2']);
    assert.equal(lists.heldCount, 1);
    assert.equal(lists.dueMs, 10 + GRACE_MS);
    assert.deepEqual(
      lists.update([provider(1, '1')], 10 + GRACE_MS, false).map(({ version }) => version),
      ['1'],
    );
    assert.equal(lists.heldCount, 0);
  });
});
