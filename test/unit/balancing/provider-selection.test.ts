import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ANY_PROVIDER } from '../../../src/balancing/balancer.ts';
import type { BalancerName } from '../../../src/balancing/create-balancer.ts';
import { EndpointTable } from '../../../src/balancing/endpoint-table.ts';
import type { ProviderInstance } from '../../../src/registry/provider-instance.ts';
import { instance, instances, SelectionScene } from './selection-scene.ts';

const FAILED = { latencyMs: 1, result: 'failure' } as const;

describe('ProviderSelection', () => {
  it('gives calls to the version and group that are asked for only', () => {
    const scene = new SelectionScene({ version: '1.0.0', group: 'core' });
    scene.update([
      instance('right', { version: '1.0.0', group: 'core' }),
      instance('old', { version: '0.9.0', group: 'core' }),
      instance('other', { version: '1.0.0', group: '' }),
    ]);
    assert.deepEqual(scene.counts(50), { right: 50 });
    assert.equal(scene.selection.size, 1);
    assert.deepEqual(filtersOf(scene), { right: undefined, old: 'version', other: 'group' });
  });

  it('takes version 0.0.0 for none', () => {
    const scene = new SelectionScene();
    scene.update([instance('a', { version: '0.0.0' }), instance('b')]);
    assert.deepEqual(Object.keys(scene.counts(50)).sort(), ['a', 'b']);
  });

  it('routes by tag as Dubbo does', () => {
    const scene = new SelectionScene();
    scene.update([instance('plain'), instance('gray', { tag: 'gray' })]);
    assert.deepEqual(scene.counts(20), { plain: 20 });
    assert.deepEqual(scene.counts(20, { tag: 'gray' }), { gray: 20 });
    assert.deepEqual(scene.counts(20, { tag: 'blue' }), { plain: 20 });
    assert.deepEqual(scene.counts(20, { tag: 'blue', isTagForced: true }), { none: 20 });
    assert.deepEqual(filtersOf(scene, { tag: 'gray' }), { plain: 'tag', gray: undefined });
    assert.deepEqual(filtersOf(scene, { tag: 'blue', isTagForced: true }), { plain: 'tag', gray: 'tag' });
  });

  it('falls back to untagged providers where those of the tag are disabled, but not where they are ill', () => {
    const scene = new SelectionScene();
    scene.update([instance('plain'), instance('gray', { tag: 'gray', isDisabled: true })]);
    assert.equal(scene.pick({ tag: 'gray' }), 'plain');
    scene.update([instance('plain'), instance('gray', { tag: 'gray' })]);
    scene.targets.get('gray')!.isUsable = false;
    assert.equal(scene.pick({ tag: 'gray' }), 'gray');
  });

  it('gives nothing to untagged requests where all providers have tags', () => {
    const scene = new SelectionScene();
    scene.update([instance('gray', { tag: 'gray' })]);
    assert.equal(scene.pick(), 'none');
  });

  it('prefers its zone while enough of it takes part', () => {
    const scene = new SelectionScene({ zone: 'east', balancer: 'round-robin' });
    const east = instances(['e1', 'e2', 'e3', 'e4'], { zone: 'east' });
    const west = instances(['w1', 'w2', 'w3', 'w4'], { zone: 'west' });
    scene.update([...east, ...west]);
    assert.deepEqual(Object.keys(scene.counts(80)).sort(), ['e1', 'e2', 'e3', 'e4']);
    assert.equal(filtersOf(scene).w1, 'zone');
    fail(scene, 'e1');
    fail(scene, 'e2');
    assert.deepEqual(Object.keys(scene.counts(80)).sort(), ['e3', 'e4']);
    fail(scene, 'e3');
    assert.deepEqual(Object.keys(scene.counts(80)).sort(), ['e4', 'w1', 'w2', 'w3', 'w4']);
    assert.deepEqual(filtersOf(scene), {
      ...{ e1: 'ejected', e2: 'ejected', e3: 'ejected', e4: undefined },
      ...{ w1: undefined, w2: undefined, w3: undefined, w4: undefined },
    });
  });

  it('goes to another zone where nobody of its own is usable', () => {
    const scene = new SelectionScene({ zone: 'east' });
    scene.update([instance('near', { zone: 'east' }), instance('far', { zone: 'west' })]);
    scene.targets.get('near')!.isUsable = false;
    assert.equal(scene.pick(), 'far');
    scene.targets.get('near')!.isUsable = true;
    assert.equal(scene.pick({}, [scene.candidate('near')]), 'far', 'a second try too');
  });

  it('never gives a disabled provider or one of weight 0, not even as the last one', () => {
    const scene = new SelectionScene();
    scene.update([
      instance('out', { isDisabled: true }),
      instance('zero', { weight: 0 }),
      instance('below', { weight: -1 }),
      instance('nonsense', { weight: Number.NaN }),
    ]);
    assert.equal(scene.pick(), 'none');
    assert.deepEqual(new Set(Object.values(filtersOf(scene))), new Set(['disabled']));
  });

  it('gives one that is ejected or not usable where nothing else is left', () => {
    const scene = new SelectionScene();
    scene.update(instances(['a', 'b']));
    fail(scene, 'a');
    assert.deepEqual(scene.counts(50), { b: 50 });
    scene.targets.get('b')!.isUsable = false;
    assert.deepEqual(scene.counts(50), { a: 50 }, 'rather ejected than without a connection');
    scene.targets.get('a')!.isUsable = false;
    assert.deepEqual(Object.keys(scene.counts(50)).sort(), ['a', 'b']);
    assert.equal(scene.pick({}, [scene.candidate('a'), scene.candidate('b')]), 'none');
  });

  it('keeps what it knows of an address in a new list, and lets go of those that left', () => {
    const scene = new SelectionScene();
    scene.update(instances(['a', 'b']));
    const { a, b } = { a: scene.candidate('a'), b: scene.candidate('b') };
    scene.update([instance('b', { weight: 7 }), instance('c'), instance('c', { weight: 1 })]);
    assert.equal(scene.candidate('b'), b);
    assert.equal(b.weight, 7);
    assert.equal(scene.candidate('c').weight, 100, 'of two with one address the first counts');
    assert.equal(a.target.isReleased, true);
    assert.equal(b.target.isReleased, false);
    assert.equal(scene.endpoints.size, 2);
    scene.selection.onStart(a);
    scene.selection.onEnd(a, 'failure', 0, 5);
    assert.equal(a.endpoint.inFlight, 0, 'a call may end after its provider has left');
  });

  it('knows the same of an address as other selections of its scope, and hears of it at once', () => {
    const endpoints = new EndpointTable();
    const [old, next, stranger] = ['demo', 'demo', 'other'].map((scope) => new SelectionScene({ endpoints, scope }));
    for (const scene of [old!, next!, stranger!]) {
      scene.update(instances(['a', 'b']));
      scene.pick();
    }
    fail(old!, 'a');
    assert.deepEqual(next!.counts(50), { b: 50 });
    assert.deepEqual(Object.keys(stranger!.counts(50)).sort(), ['a', 'b']);
    old!.selection.close();
    assert.equal(old!.pick(), 'none');
    assert.equal(endpoints.size, 4);
    next!.selection.close();
    stranger!.selection.close();
    assert.equal(endpoints.size, 0);
  });

  it('warms a provider up by the time since its start', () => {
    const scene = new SelectionScene({ balancer: 'weighted-random', ejection: undefined });
    scene.nowMs = 1_000_000;
    scene.update([instance('warm'), instance('cold', { startedAtMs: 1_000_000, warmupMs: 100_000 })]);
    const weights = [0, 25_000, 50_000, 75_000, 100_000].map((uptimeMs) => {
      scene.nowMs = 1_000_000 + uptimeMs;
      scene.pick();
      return scene.candidate('cold').weight;
    });
    assert.deepEqual(weights, [1, 25, 50, 75, 100]);
    const { cold } = scene.counts(10_000);
    assert.ok(Math.abs(cold! - 5_000) < 300, `${cold} of 10,000`);
  });

  it('takes starts on the wall clock to its own clock', () => {
    const scene = new SelectionScene();
    scene.selection.update([instance('a', { startedAtMs: 90_000, warmupMs: 100_000 })], 500, 140_000);
    scene.nowMs = 500;
    scene.pick();
    assert.equal(scene.candidate('a').weight, 50);
  });

  it('explains weights and shares', () => {
    const scene = new SelectionScene();
    scene.update([instance('a', { weight: 300 }), instance('b'), instance('c', { isDisabled: true })]);
    const rows = scene.selection.explain(ANY_PROVIDER, 0);
    assert.deepEqual(
      rows.map(({ weight, share, filter }) => ({ weight, share, filter })),
      [
        { weight: 300, share: 0.75, filter: undefined },
        { weight: 100, share: 0.25, filter: undefined },
        { weight: 0, share: 0, filter: 'disabled' },
      ],
    );
    fail(scene, 'b');
    const [, b] = scene.selection.explain(ANY_PROVIDER, 0);
    assert.equal(b!.filter, 'ejected');
    assert.equal(b!.ejection, '5 failures in a row');
  });

  it('explains who gets a hash', () => {
    const scene = new SelectionScene({ balancer: 'consistent-hash' });
    scene.update(instances(['a', 'b', 'c', 'd']));
    const owner = scene.pick({ hash: 12_345 });
    for (const row of scene.selection.explain({ ...ANY_PROVIDER, hash: 12_345 }, 0)) {
      assert.equal(row.share, row.instance.address.host === owner ? 1 : 0);
      assert.equal(row.filter, undefined);
    }
    for (const { share } of scene.selection.explain(ANY_PROVIDER, 0)) assert.equal(share, 0.25);
  });

  it('never gives an excluded provider, whatever comes, goes and fails', () => {
    const provider = fc.record({
      host: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      weight: fc.constantFrom(0, 1, 50, 100),
      tag: fc.constantFrom('', '', 'gray'),
      version: fc.constantFrom('1', '1', '1', '2'),
      isDisabled: fc.boolean(),
      isUsable: fc.boolean(),
    });
    const step = fc.oneof(
      { weight: 1, arbitrary: fc.record({ list: fc.array(provider, { maxLength: 8 }) }) },
      {
        weight: 12,
        arbitrary: fc.record({
          tag: fc.constantFrom('', 'gray', 'blue'),
          isFailure: fc.boolean(),
          afterMs: fc.integer({ min: 0, max: 3_000 }),
        }),
      },
    );
    const name = fc.constantFrom<BalancerName>(
      'p2c',
      'round-robin',
      'weighted-random',
      'least-active',
      'consistent-hash',
    );
    fc.assert(
      fc.property(name, fc.array(step, { maxLength: 120 }), (balancer, steps) => {
        const scene = new SelectionScene({ balancer, version: '1' });
        let listed: readonly ProviderInstance[] = [];
        for (const next of steps) {
          if ('list' in next) {
            listed = next.list.map(({ host, isUsable: _, ...fields }) => instance(host, fields));
            scene.update(listed);
            for (const { host, isUsable } of next.list) {
              const target = scene.targets.get(host);
              if (target !== undefined) target.isUsable = isUsable;
            }
            continue;
          }
          scene.nowMs += next.afterMs;
          const { tag, isFailure } = next;
          const picked = scene.selection.pick({ ...ANY_PROVIDER, tag }, [], scene.nowMs);
          const takesCalls = [...scene.selection.candidates]
            .map((candidate) => candidate.instance)
            .filter(({ weight, isDisabled }) => weight > 0 && !isDisabled);
          const ofTag = takesCalls.filter((each) => each.tag === tag);
          const allowed = ofTag.length > 0 ? ofTag : takesCalls.filter((each) => each.tag === '');
          assert.equal(picked === undefined, allowed.length === 0);
          if (picked === undefined) continue;
          assert.ok(allowed.includes(picked.instance) && picked.instance.version === '1');
          scene.selection.onStart(picked);
          scene.selection.onEnd(picked, isFailure ? 'failure' : 'ok', scene.nowMs, scene.nowMs);
        }
      }),
    );
  });
});

/** Ejects a provider by its calls. */
function fail(scene: SelectionScene, host: string): void {
  for (let i = 0; i < 5; i++) scene.call(host, FAILED);
}

function filtersOf(scene: SelectionScene, request: object = {}): Record<string, string | undefined> {
  const rows = scene.selection.explain({ ...ANY_PROVIDER, ...request }, scene.nowMs);
  return Object.fromEntries(rows.map(({ instance: { address }, filter }) => [address.host, filter]));
}
