import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TrackedCall } from '../../../src/bulkhead/method-calls.ts';
import { MethodRegistry, type MethodRegistryOptions } from '../../../src/bulkhead/method-registry.ts';
import type { QuarantineRules } from '../../../src/bulkhead/method-rules.ts';
import type { MethodSnapshot } from '../../../src/bulkhead/method-snapshot.ts';
import { DEFAULT_RULES } from './method-driver.ts';
import { methodSteps, QUICK_RULES } from './method-steps.ts';

const NONE_ACTIVE = { normal: 0, slow: 0, heartbeat: 0 };

function createRegistry(options: Partial<MethodRegistryOptions> = {}): MethodRegistry {
  return new MethodRegistry({ rulesOf: () => DEFAULT_RULES, ...options });
}

function start(registry: MethodRegistry, key: string, nowMs: number): TrackedCall {
  const call = new TrackedCall();
  const method = registry.method(key, nowMs);
  method.onStart(call, nowMs, method.choose(nowMs) === 'heartbeat');
  return call;
}

function keysOf(registry: MethodRegistry): string[] {
  return [...registry.methods()].map(({ key }) => key);
}

function methodsOf(registry: MethodRegistry, nowMs: number): readonly MethodSnapshot[] {
  return registry.snapshot({ nowMs, wallOffsetMs: 0, activeOf: () => NONE_ACTIVE }).methods;
}

describe('remembering', () => {
  test('gives the same health for the same key, and makes none by finding', () => {
    const registry = createRegistry();
    assert.equal(registry.find('a'), undefined);
    const method = registry.method('a', 0);
    assert.equal(registry.method('a', 5), method);
    assert.equal(registry.find('a'), method);
    assert.equal(registry.size, 1);
  });

  test('asks for the rules of each method', () => {
    const slowByNature: QuarantineRules = { ...DEFAULT_RULES, slowCallMs: 30_000 };
    const registry = createRegistry({ rulesOf: (key) => (key === 'export' ? slowByNature : DEFAULT_RULES) });
    assert.equal(registry.method('export', 0).rules.slowCallMs, 30_000);
    assert.equal(registry.method('other', 0).rules.slowCallMs, 2_000);
  });

  test('drops the longest unused idle method for a new one', () => {
    const registry = createRegistry({ maxMethods: 3 });
    for (const key of ['a', 'b', 'c']) registry.method(key, 0);
    registry.method('a', 1);
    registry.method('d', 2);
    assert.deepEqual(keysOf(registry), ['a', 'c', 'd']);
    const call = start(registry, 'c', 3);
    registry.find('c')!.onEnd(call, 4, 'ok');
    registry.method('e', 5);
    assert.deepEqual(keysOf(registry), ['c', 'd', 'e']);
  });

  test('drops idle methods when their time is over', () => {
    const registry = createRegistry({ expireAfterMs: 1_000 });
    registry.method('a', 0);
    registry.method('b', 500);
    registry.tick(999);
    assert.deepEqual(keysOf(registry), ['a', 'b']);
    registry.tick(1_000);
    assert.deepEqual(keysOf(registry), ['b']);
    registry.method('b', 1_499);
    registry.tick(2_000);
    assert.equal(registry.size > 0, true);
    registry.tick(2_499);
    assert.equal(registry.size, 0);
    assert.equal(registry.size, 0);
  });

  test('never drops a method that is in quarantine, pinned, or has calls in flight', () => {
    const registry = createRegistry({ maxMethods: 2, expireAfterMs: 10 });
    registry.method('quarantined', 0).quarantine(0);
    registry.method('pinned', 0).pin(0);
    const call = start(registry, 'busy', 0);
    for (let i = 0; i < 1_000; i++) {
      registry.method(`other ${i}`, i);
      registry.tick(i);
    }
    registry.tick(1e9);
    assert.deepEqual(keysOf(registry), ['quarantined', 'pinned', 'busy']);
    registry.find('quarantined')!.release(1e9);
    registry.find('pinned')!.unpin(1e9);
    registry.find('busy')!.onEnd(call, 1e9, 'ok');
    registry.tick(1e9 + 10);
    assert.equal(registry.size, 0);
  });

  test('takes a dropped method back whose call begins late, unless another has its place', () => {
    const registry = createRegistry({ expireAfterMs: 10 });
    const method = registry.method('a', 0);
    registry.tick(10);
    assert.equal(registry.size, 0);
    const call = new TrackedCall();
    method.onStart(call, 20);
    assert.equal(registry.find('a'), method);
    method.onEnd(call, 21, 'ok');
    registry.tick(31);
    assert.equal(registry.size, 0);

    const other = registry.method('a', 40);
    method.onStart(call, 41);
    assert.equal(registry.find('a'), other);
    method.quarantine(42);
    method.onEnd(call, 43, 'ok');
    assert.equal(registry.quarantined, 0);
    assert.deepEqual(registry.events, []);
    registry.tick(50);
    assert.equal(registry.size, 0);
  });

  test('refuses bounds that are none', () => {
    assert.throws(() => createRegistry({ maxMethods: 0 }), { message: 'maxMethods must be 1 at least, got 0' });
    assert.throws(() => createRegistry({ expireAfterMs: 0 }), RangeError);
  });
});

describe('changes of state', () => {
  test('are found by the tick, counted and reported with their method', () => {
    const reported: [string, string][] = [];
    const registry = createRegistry({
      onTransition: ({ to }, { key, state }) => reported.push([key, `${to} ${state}`]),
    });
    for (let i = 0; i < 20; i++) start(registry, 'a', 0);
    start(registry, 'b', 0);
    registry.tick(1_999);
    assert.equal(registry.quarantined, 0);
    registry.tick(2_000);
    assert.equal(registry.quarantined, 1);
    registry.find('a')!.release(2_001);
    assert.equal(registry.quarantined, 0);
    assert.deepEqual(reported, [
      ['a', 'quarantined quarantined'],
      ['a', 'healthy healthy'],
    ]);
  });

  test('are remembered, the last 200', () => {
    const registry = createRegistry();
    for (let i = 0; i < 150; i++) {
      registry.method(`m${i}`, i).quarantine(i);
      registry.method(`m${i}`, i).release(i);
    }
    assert.equal(registry.events.length, 200);
    assert.deepEqual([registry.events[0]!.method, registry.events[199]!.method], ['m50', 'm149']);
  });

  test('of one method leave the others alone', () => {
    fc.assert(
      fc.property(methodSteps(300), (history) => {
        const registry = createRegistry({ rulesOf: () => QUICK_RULES, maxMethods: 3, expireAfterMs: 5_000 });
        const inFlight: [string, TrackedCall][] = [];
        let nowMs = 0;
        for (const { kind, passMs, verdict, at } of history) {
          nowMs += passMs;
          const key = `sick ${at % 5}`;
          const method = registry.method(key, nowMs);
          if (kind === 'start') inFlight.push([key, start(registry, key, nowMs)]);
          else if (kind === 'end' && inFlight.length > 0) {
            const [[of, call]] = inFlight.splice(at % inFlight.length, 1) as [[string, TrackedCall]];
            assert.equal(registry.find(of)!.onEnd(call, nowMs, verdict), true);
          } else if (kind === 'refuse') method.choose(nowMs);
          else if (kind === 'tick') registry.tick(nowMs);
          else if (kind !== 'end') method[kind](nowMs);

          const well = registry.method('well', nowMs);
          assert.equal(well.choose(nowMs), 'normal');
          const call = new TrackedCall();
          well.onStart(call, nowMs);
          well.onEnd(call, nowMs + 5, 'ok');
        }
        const sick = [...registry.methods()].filter(({ state }) => state === 'quarantined').length;
        assert.equal(registry.quarantined, sick);
        assert.equal(registry.method('well', nowMs).counts(nowMs).slow, 0);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a new configuration', () => {
  const all = (): boolean => true;

  test('brings its rules to methods that are known and to those that come', () => {
    const reported: string[] = [];
    const registry = createRegistry({ onTransition: ({ method, to }) => reported.push(`${method} ${to}`) });
    for (const key of ['a', 'off']) registry.method(key, 0);
    const calls = Array.from({ length: 10 }, () => start(registry, 'off', 0));
    for (const call of calls) registry.find('off')!.onEnd(call, 10, 'timeout');
    const rulesOf = (key: string): QuarantineRules => ({ ...DEFAULT_RULES, enabled: key !== 'off', slowCallMs: 500 });
    registry.configure(rulesOf, 20, all);
    assert.equal(registry.find('a')!.rules.slowCallMs, 500);
    assert.equal(registry.method('new', 20).rules.slowCallMs, 500);
    assert.deepEqual(reported, ['off quarantined', 'off healthy']);
    assert.equal(registry.quarantined, 0);
  });

  test('forgets what it does not know, whatever its last calls bring', () => {
    const reported: string[] = [];
    const registry = createRegistry({ onTransition: ({ method }) => reported.push(method) });
    registry.method('gone', 0).quarantine(0);
    const call = start(registry, 'gone', 0);
    const gone = registry.find('gone')!;
    registry.method('stays', 1);
    registry.configure(
      () => DEFAULT_RULES,
      20,
      (key) => key !== 'gone',
    );
    assert.deepEqual(keysOf(registry), ['stays']);
    assert.equal(registry.quarantined, 0);
    assert.equal(gone.onEnd(call, 30, 'ok'), true);
    gone.release(31);
    gone.onStart(call, 32);
    assert.equal(registry.find('gone'), undefined);
    assert.deepEqual(reported, ['gone']);
    assert.equal(registry.events.length, 1);
    assert.notEqual(registry.method('gone', 40), gone);
  });

  test('makes no difference to what happens, whenever it comes', () => {
    fc.assert(
      fc.property(methodSteps(300), fc.integer({ min: 1, max: 40 }), (history, every) => {
        const rulesOf = (): QuarantineRules => QUICK_RULES;
        const steady = createRegistry({ rulesOf });
        const reloaded = createRegistry({ rulesOf });
        const inFlight: [string, TrackedCall, TrackedCall][] = [];
        let nowMs = 0;
        for (const [index, { kind, passMs, verdict, at }] of history.entries()) {
          nowMs += passMs;
          const key = `m${at % 2}`;
          if (index % every === 0) reloaded.configure(rulesOf, nowMs, all);
          if (kind === 'start') inFlight.push([key, start(steady, key, nowMs), start(reloaded, key, nowMs)]);
          else if (kind === 'end' && inFlight.length > 0) {
            const [[of, one, other]] = inFlight.splice(at % inFlight.length, 1) as [[string, TrackedCall, TrackedCall]];
            steady.find(of)!.onEnd(one, nowMs, verdict);
            reloaded.find(of)!.onEnd(other, nowMs, verdict);
          } else {
            for (const registry of [steady, reloaded]) {
              if (kind === 'tick') registry.tick(nowMs);
              else if (kind === 'refuse') registry.method(key, nowMs).choose(nowMs);
              else if (kind !== 'end') registry.method(key, nowMs)[kind](nowMs);
            }
          }
        }
        assert.deepEqual(methodsOf(reloaded, nowMs), methodsOf(steady, nowMs));
        assert.deepEqual(reloaded.events, steady.events);
        assert.equal(reloaded.quarantined, steady.quarantined);
      }),
      { numRuns: 150 },
    );
  });
});
