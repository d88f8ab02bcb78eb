import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrackedCall } from '../../../src/bulkhead/method-calls.ts';
import { MethodRegistry } from '../../../src/bulkhead/method-registry.ts';
import { DEFAULT_RULES } from './method-driver.ts';

const KEY = 'com.acme.user.UserService:1.0.0:core#getUser(long)';
const WALL_OFFSET_MS = Date.parse('2026-01-31T10:00:00.000Z') - 1_000;

function createRegistry(): MethodRegistry {
  return new MethodRegistry({ rulesOf: () => DEFAULT_RULES });
}

function view(nowMs: number) {
  return {
    nowMs,
    wallOffsetMs: WALL_OFFSET_MS,
    activeOf: (key: string) => ({ normal: 0, slow: key === KEY ? 3 : 0, heartbeat: key === KEY ? 1 : 0 }),
  };
}

test('shows a method in quarantine and how it came there', () => {
  const registry = createRegistry();
  const method = registry.method(KEY, 0);
  const calls = Array.from({ length: 10 }, () => new TrackedCall());
  for (const call of calls) method.onStart(call, 0);
  for (const call of calls) method.onEnd(call, 1_000, 'timeout');
  const probe = new TrackedCall();
  assert.equal(method.choose(2_000), 'heartbeat');
  method.onStart(probe, 2_000, true);
  method.onEnd(probe, 2_003, 'ok');
  const status = registry.snapshot(view(2_500));
  assert.deepEqual(JSON.parse(JSON.stringify(status)), {
    methods: [
      {
        key: KEY,
        state: 'quarantined',
        since: '2026-01-31T10:00:00.000Z',
        pinned: false,
        reason: '10 timeouts in 10 s',
        by: 'gateway',
        active: { normal: 0, slow: 3, heartbeat: 1 },
        window: { calls: 11, timeouts: 10, slow: 0, failed: 0 },
        latencyMs: { p50: 992, p95: 992, p99: 992 },
        probes: { passedInARow: 1, needed: 5 },
        quarantinedTotal: 1,
        relapses: 0,
        earliestRelease: '2026-01-31T10:00:05.000Z',
      },
    ],
    events: [
      {
        at: '2026-01-31T10:00:00.000Z',
        method: KEY,
        from: 'healthy',
        to: 'quarantined',
        reason: '10 timeouts in 10 s',
        by: 'gateway',
      },
    ],
  });
});

test('shows a method that never left its state', () => {
  const registry = createRegistry();
  registry.method('a', 1_000);
  assert.deepEqual(registry.snapshot(view(60_000)), {
    methods: [
      {
        key: 'a',
        state: 'healthy',
        since: '2026-01-31T10:00:00.000Z',
        pinned: false,
        reason: null,
        by: null,
        active: { normal: 0, slow: 0, heartbeat: 0 },
        window: { calls: 0, timeouts: 0, slow: 0, failed: 0 },
        latencyMs: null,
        probes: null,
        quarantinedTotal: 0,
        relapses: 0,
        earliestRelease: null,
      },
    ],
    events: [],
  });
});

test('shows what needs attention first', () => {
  const registry = createRegistry();
  for (const key of ['a', 'b', 'c', 'd']) registry.method(key, 0);
  registry.find('b')!.pin(1);
  registry.find('c')!.quarantine(1);
  registry.find('d')!.quarantine(1);
  registry.find('d')!.pin(1);
  const { methods } = registry.snapshot(view(2));
  assert.deepEqual(
    methods.map(({ key, earliestRelease }) => [key, earliestRelease]),
    [
      ['c', '2026-01-31T10:00:04.001Z'],
      ['d', null],
      ['b', null],
      ['a', null],
    ],
  );
});

test('changes nothing', () => {
  const registry = createRegistry();
  registry.method('a', 0);
  const once = registry.snapshot(view(500));
  assert.deepEqual(registry.snapshot(view(500)), once);
});
