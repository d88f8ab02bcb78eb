import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TrackedCall } from '../../../src/bulkhead/method-calls.ts';
import type { MethodHealth } from '../../../src/bulkhead/method-health.ts';
import { MethodRegistry } from '../../../src/bulkhead/method-registry.ts';
import type { MethodStanding } from '../../../src/bulkhead/method-standing.ts';
import { DEFAULT_RULES, MethodDriver } from './method-driver.ts';

describe('the standing of a method', () => {
  test('makes another process treat it the same', () => {
    const [one, other] = [new MethodDriver(), new MethodDriver()];
    one.nowMs = other.nowMs = 1_000;
    one.timeOut();
    other.nowMs = 1_050;
    const inFlight = other.start();
    assert.equal(other.method.adopt(one.method.standing, other.nowMs), true);
    assert.deepEqual(other.method.standing, one.method.standing);
    assert.deepEqual(
      [other.method.state, other.method.by, other.method.reason, other.method.sinceMs],
      ['quarantined', 'gateway', '10 timeouts in 10 s', 1_000],
    );
    assert.equal(other.method.earliestReleaseMs, one.method.earliestReleaseMs);
    assert.equal(other.method.choose(other.nowMs), 'slow');
    other.end(inFlight, 'ok');
    assert.equal(other.method.quarantinedTotal, 0, 'the other has counted it');
    assert.equal(other.transitions.at(-1)!.isAdopted, true);
  });

  test('brings it back, and calls from before have no say any more', () => {
    const [one, other] = [new MethodDriver(), new MethodDriver()];
    one.method.quarantine(0);
    other.method.adopt(one.method.standing, 0);
    const late = other.start();
    one.nowMs = other.nowMs = 6_000;
    one.probes(5, 10);
    assert.equal(one.method.state, 'healthy');
    other.method.adopt(one.method.standing, other.nowMs);
    assert.deepEqual([other.method.state, other.method.isIdle], ['healthy', false]);
    other.end(late, 'timeout');
    assert.equal(other.method.counts(other.nowMs).timeouts, 0);
    assert.equal(other.method.isIdle, true);
  });

  test('comes back by the probes of the process that took it over', () => {
    const [one, other] = [new MethodDriver(), new MethodDriver()];
    one.timeOut();
    other.method.adopt(one.method.standing, 20);
    other.nowMs = 5_100;
    other.probes(5, 10);
    assert.deepEqual([other.method.state, other.method.by], ['healthy', 'gateway']);
    assert.equal(other.transitions.at(-1)!.isAdopted, undefined);
  });

  test('has its relapses', () => {
    const [one, other] = [new MethodDriver(), new MethodDriver()];
    for (let relapse = 0; relapse < 3; relapse++) {
      one.timeOut();
      one.pass(60_000);
      if (relapse < 2) one.probes(5, 10);
    }
    other.nowMs = one.nowMs;
    other.method.adopt(one.method.standing, other.nowMs);
    assert.equal(other.method.relapses(other.nowMs), 2);
    assert.equal(other.method.earliestReleaseMs, one.method.earliestReleaseMs);
  });

  test('has its pin', () => {
    const [one, other] = [new MethodDriver(), new MethodDriver()];
    one.method.pin(0);
    other.method.adopt(one.method.standing, 0);
    other.timeOut();
    assert.deepEqual([other.method.state, other.method.isPinned], ['healthy', true]);
    one.method.unpin(10);
    assert.equal(other.method.adopt(one.method.standing, 10), true);
    assert.deepEqual(other.transitions, []);
    other.pass(10);
    assert.equal(other.method.state, 'quarantined', 'the rules judge by what they saw meanwhile');
  });

  test('changes nothing where it is the same', () => {
    const driver = new MethodDriver();
    assert.equal(driver.method.adopt(driver.method.standing, 5), false);
    driver.timeOut();
    assert.equal(driver.method.adopt({ ...driver.method.standing, reason: 'another', sinceMs: 0 }, 5), false);
    assert.equal(driver.transitions.length, 1);
  });
});

function timeOut(method: MethodHealth, nowMs: number): void {
  const calls = Array.from({ length: DEFAULT_RULES.timeouts }, () => new TrackedCall());
  for (const call of calls) method.onStart(call, nowMs);
  for (const call of calls) method.onEnd(call, nowMs, 'timeout');
}

describe('a registry in a group', () => {
  function registryWith(told: MethodStanding[]): MethodRegistry {
    return new MethodRegistry({ rulesOf: () => DEFAULT_RULES, onStanding: (standing) => told.push(standing) });
  }

  test('tells what was changed here, and not what it took over', () => {
    const told: MethodStanding[] = [];
    const registry = registryWith(told);
    registry.method('a', 0).quarantine(1, 'by hand');
    registry.method('a', 0).pin(2);
    registry.method('a', 0).pin(3);
    registry.method('a', 0).release(4);
    registry.method('a', 0).unpin(5);
    assert.deepEqual(
      told.map(({ state, isPinned, by }) => [state, isPinned, by]),
      [
        ['quarantined', false, 'operator'],
        ['quarantined', true, 'operator'],
        ['healthy', true, 'operator'],
        ['healthy', false, 'operator'],
      ],
    );
    for (const standing of told) registry.adopt({ ...standing, method: 'b' }, 6);
    assert.equal(told.length, 4);
    assert.deepEqual([...new Set(registry.events.map(({ method }) => method))], ['a']);
  });

  test('remembers no method that is only well elsewhere, and counts those in quarantine', () => {
    const registry = registryWith([]);
    const standing = {
      method: 'b',
      sinceMs: 0,
      reason: 'x',
      by: 'gateway',
      quarantinesInARow: 1,
      isPinned: false,
    } as const;
    registry.adopt({ ...standing, state: 'healthy' }, 0);
    assert.equal(registry.size, 0);
    registry.adopt({ ...standing, state: 'quarantined' }, 0);
    assert.deepEqual([registry.size, registry.quarantined], [1, 1]);
    registry.tick(2_000_000);
    assert.equal(registry.size, 1);
    registry.adopt({ ...standing, state: 'healthy' }, 2_000_001);
    assert.equal(registry.quarantined, 0);
    registry.tick(4_000_000);
    assert.equal(registry.size, 0);
  });

  test('is in step with another after any history of both', () => {
    const step = fc.record({
      at: fc.boolean(),
      act: fc.constantFrom('quarantine', 'release', 'pin', 'unpin', 'timeOut'),
      passMs: fc.integer({ min: 0, max: 20_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let nowMs = 0;
        const pair: MethodRegistry[] = [0, 1].map(
          (index) =>
            new MethodRegistry({
              rulesOf: () => DEFAULT_RULES,
              onStanding: (standing) => pair[1 - index]!.adopt(standing, nowMs),
            }),
        );
        for (const { at, act, passMs } of steps) {
          nowMs += passMs;
          const method = pair[at ? 1 : 0]!.method('a', nowMs);
          if (act === 'timeOut') timeOut(method, nowMs);
          else method[act](nowMs);
          const [one, other] = pair.map((registry) => registry.find('a'));
          assert.equal(other?.state ?? 'healthy', one?.state ?? 'healthy');
          assert.equal(other?.isPinned ?? false, one?.isPinned ?? false);
        }
      }),
      { numRuns: 200 },
    );
  });
});
