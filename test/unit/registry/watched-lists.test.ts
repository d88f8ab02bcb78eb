import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProviderInstance } from '../../../src/registry/provider-instance.ts';
import { type ListWatch, WatchedLists } from '../../../src/registry/watched-lists.ts';

const QUERY = { interfaceName: 'a.B', version: '', group: '' };

class FakeWatch implements ListWatch {
  readonly interfaceName: string;
  readonly instances: readonly ProviderInstance[] = [];
  isInStep = true;
  isClosed = false;
  isLost = false;
  isChanged = true;
  dueMs = Number.POSITIVE_INFINITY;
  updates = 0;

  constructor(interfaceName: string) {
    this.interfaceName = interfaceName;
  }

  update(): boolean {
    this.updates++;
    return this.isChanged;
  }

  sessionLost(): void {
    this.isLost = true;
    this.isInStep = false;
  }

  close(): void {
    this.isClosed = true;
  }
}

function underTest() {
  const watches: FakeWatch[] = [];
  const thrown: unknown[] = [];
  const state = { answeredAtMs: 7 as number | undefined };
  const lists = new WatchedLists({
    keyOf: ({ interfaceName }) => interfaceName,
    watch: ({ interfaceName }) => {
      const watch = new FakeWatch(interfaceName);
      watches.push(watch);
      return watch;
    },
    answeredAtMs: () => state.answeredAtMs,
    onThrow: (_, error) => thrown.push(error),
  });
  return { lists, watches, thrown, state };
}

describe('WatchedLists', () => {
  it('has one watch for all who follow the same, and closes it after the last', () => {
    const { lists, watches } = underTest();
    const first = lists.subscribe(QUERY, () => {});
    const second = lists.subscribe({ ...QUERY, version: '2' }, () => {});
    assert.equal(watches.length, 1);
    assert.equal(lists.size, 2);
    first.close();
    first.close();
    assert.equal(lists.size, 1);
    assert.ok(!watches[0]!.isClosed);
    second.close();
    assert.ok(watches[0]!.isClosed);
    lists.subscribe(QUERY, () => {});
    assert.equal(watches.length, 2);
  });

  it('makes several changes one list, 50 ms after the first', () => {
    const { lists, watches } = underTest();
    let told = 0;
    lists.subscribe(QUERY, () => told++);
    lists.markStale(watches[0]!, 100);
    lists.markStale(watches[0]!, 140);
    assert.equal(lists.settledMs, 150);
    lists.publish(149);
    assert.equal(told, 0);
    lists.publish(150);
    assert.deepEqual([told, watches[0]!.updates], [1, 1]);
    watches[0]!.isChanged = false;
    lists.markStale(watches[0]!, 200);
    lists.publish(250);
    assert.deepEqual([told, watches[0]!.updates], [1, 2]);
  });

  it('makes a list anew that is due by itself', () => {
    const { lists, watches } = underTest();
    lists.subscribe(QUERY, () => {});
    watches[0]!.dueMs = 500;
    lists.publish(499);
    lists.publish(500);
    watches[0]!.dueMs = Number.POSITIVE_INFINITY;
    lists.publish(550);
    assert.equal(watches[0]!.updates, 1);
  });

  it('goes on with the others when a subscriber throws, or closes another', () => {
    const { lists, watches, thrown } = underTest();
    const told: string[] = [];
    lists.subscribe(QUERY, () => {
      told.push('throws');
      throw new Error('mine');
    });
    lists.subscribe(QUERY, () => {
      told.push('closes');
      last.close();
    });
    const last = lists.subscribe(QUERY, () => told.push('last'));
    lists.markStale(watches[0]!, 0);
    lists.publish(50);
    assert.deepEqual(told, ['throws', 'closes']);
    assert.equal(thrown.length, 1);
  });

  it('remembers when a list was last confirmed', () => {
    const { lists, watches, state } = underTest();
    const subscription = lists.subscribe(QUERY, () => {});
    assert.equal(subscription.snapshot.confirmedAtMs, 7);
    lists.lost();
    assert.ok(watches[0]!.isLost);
    state.answeredAtMs = undefined;
    assert.equal(subscription.snapshot.confirmedAtMs, 7);
    state.answeredAtMs = 20;
    assert.equal(subscription.snapshot.confirmedAtMs, 7, 'it is not in step yet');
    watches[0]!.isInStep = true;
    assert.equal(subscription.snapshot.confirmedAtMs, 20);
  });
});
