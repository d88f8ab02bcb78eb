import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MethodStanding } from '../../../src/bulkhead/method-standing.ts';
import { MethodHistory } from '../../../src/workers/method-history.ts';

const START_MS = Date.UTC(2026, 0, 1);

function standing(method: string, state: MethodStanding['state'], own: Partial<MethodStanding> = {}): MethodStanding {
  return {
    method,
    state,
    isPinned: false,
    sinceMs: START_MS,
    reason: 'why',
    by: 'operator',
    quarantinesInARow: 0,
    ...own,
  };
}

describe('MethodHistory', () => {
  it('tells each change of a state of the group once', () => {
    const history = new MethodHistory();
    history.record(standing('a', 'quarantined'));
    history.record(standing('a', 'quarantined', { sinceMs: START_MS + 20, by: 'gateway' }));
    history.record(standing('a', 'quarantined', { isPinned: true }));
    history.record(standing('b', 'healthy', { isPinned: true }));
    history.record(standing('a', 'healthy', { sinceMs: START_MS + 5_000 }));
    history.record(standing('a', 'quarantined', { sinceMs: START_MS + 6_000 }));
    const event = { method: 'a', reason: 'why', by: 'operator' };
    assert.deepEqual(history.events, [
      { ...event, at: '2026-01-01T00:00:00.000Z', from: 'healthy', to: 'quarantined' },
      { ...event, at: '2026-01-01T00:00:05.000Z', from: 'quarantined', to: 'healthy' },
      { ...event, at: '2026-01-01T00:00:06.000Z', from: 'healthy', to: 'quarantined' },
    ]);
    assert.deepEqual([history.quarantinedTotal('a'), history.quarantinedTotal('b')], [2, 0]);
  });

  it('remembers the last 200 changes', () => {
    const history = new MethodHistory();
    for (let index = 0; index < 250; index++) history.record(standing(`m${index}`, 'quarantined'));
    assert.equal(history.events.length, 200);
    assert.deepEqual([history.events[0]!.method, history.events[199]!.method], ['m50', 'm249']);
  });

  it('forgets what is known of methods that are not configured any more', () => {
    const history = new MethodHistory();
    history.record(standing('a', 'quarantined'));
    history.record(standing('b', 'quarantined'));
    history.keepOnly(new Set(['b']));
    assert.deepEqual([history.quarantinedTotal('a'), history.quarantinedTotal('b')], [0, 1]);
    history.record(standing('a', 'quarantined'));
    assert.deepEqual(
      history.events.map(({ method, from }) => [method, from]),
      [
        ['a', 'healthy'],
        ['b', 'healthy'],
        ['a', 'healthy'],
      ],
    );
  });
});
