import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { BalancerName } from '../../../src/balancing/create-balancer.ts';
import { hashText } from '../../../src/balancing/murmur3.ts';
import { instance, instances, SelectionScene } from './selection-scene.ts';

const ALL: readonly BalancerName[] = ['p2c', 'round-robin', 'weighted-random', 'least-active', 'consistent-hash'];
const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

describe('balancers', () => {
  for (const balancer of ALL) {
    it(`${balancer}: never gives a provider that was tried or is not usable while another is there`, () => {
      const states = fc.array(fc.record({ isUsable: fc.boolean(), isTried: fc.boolean() }), {
        minLength: 1,
        maxLength: 8,
      });
      fc.assert(
        fc.property(states, fc.boolean(), fc.nat(), (list, isMixed, hash) => {
          const scene = sceneOf(
            balancer,
            list.map((_, index) => (isMixed ? index + 1 : 7)),
          );
          for (const [index, { isUsable }] of list.entries()) scene.targets.get(`p${index}`)!.isUsable = isUsable;
          const tried = list.flatMap(({ isTried }, index) => (isTried ? [scene.candidate(`p${index}`)] : []));
          const untried = list.filter(({ isTried }) => !isTried);
          const picked = scene.pick({ hash }, tried);
          if (untried.length === 0) {
            assert.equal(picked, 'none');
            return;
          }
          const state = list[Number(picked.slice(1))]!;
          assert.equal(state.isTried, false);
          if (untried.some(({ isUsable }) => isUsable)) assert.equal(state.isUsable, true);
        }),
      );
    });
  }

  for (const balancer of ['p2c', 'weighted-random', 'least-active'] as const) {
    it(`${balancer}: gives idle providers calls by their weights`, () => {
      const scene = sceneOf(balancer, [10, 30, 60]);
      const counts = scene.counts(100_000);
      for (const [index, weight] of [10, 30, 60].entries()) {
        const share = counts[`p${index}`]! / 1_000;
        assert.ok(Math.abs(share - weight) < 1, `${share} % for a weight of ${weight}`);
      }
    });
  }

  it('round-robin: gives each exactly its weight, and never starves one for longer than its turn takes', () => {
    fc.assert(
      fc.property(weights, fc.nat(), (list, skipped) => {
        const scene = sceneOf('round-robin', list);
        const total = list.reduce((sum, weight) => sum + weight, 0);
        scene.counts(skipped % total);
        const counts = scene.counts(total * 3);
        for (const [index, weight] of list.entries()) {
          const count = counts[`p${index}`] ?? 0;
          assert.ok(Math.abs(count - weight * 3) <= 1, `${count} for a weight of ${weight} in three rounds`);
        }
      }),
    );
  });

  it('round-robin: spreads the turns of a heavy one', () => {
    const scene = sceneOf('round-robin', [5, 1, 1]);
    const turns = Array.from({ length: 70 }, () => scene.pick()).join('');
    assert.doesNotMatch(turns, /(?:p0){6}/, 'plain turns would be five times p0, then the others');
    assert.match(turns, /p0p0p[12]p0|p0p[12]p0p0/);
  });

  it('round-robin: gives one that was away no more than its share when it is back', () => {
    const scene = sceneOf('round-robin', [1, 1, 1]);
    scene.targets.get('p0')!.isUsable = false;
    assert.deepEqual(Object.keys(scene.counts(300)).sort(), ['p1', 'p2']);
    scene.targets.get('p0')!.isUsable = true;
    const counts = scene.counts(30);
    assert.ok(counts.p0! >= 9 && counts.p0! <= 11, `${counts.p0} of 30`);
  });

  it('round-robin: gives one whose weight has grown its share at once', () => {
    const scene = sceneOf('round-robin', [1, 1_000]);
    scene.counts(10);
    scene.update([instance('p0', { weight: 1_000 }), instance('p1', { weight: 1_000 })]);
    const { p0 } = scene.counts(100);
    assert.ok(p0! >= 49, `${p0} of 100`);
  });

  it('least-active: gives a call to who has the fewest, also in a long list', () => {
    const scene = sceneOf('least-active', new Array<number>(1_000).fill(1));
    for (let i = 0; i < 2_000; i++) scene.selection.onStart(scene.candidate(scene.pick()));
    const inFlight = [...scene.selection.candidates].map(({ endpoint }) => endpoint.inFlight);
    assert.ok(Math.max(...inFlight) <= 4, `${Math.max(...inFlight)} where the mean is 2`);
    assert.equal(
      inFlight.reduce((sum, calls) => sum + calls),
      2_000,
    );
  });

  it('p2c: keeps away from slow and full providers', () => {
    const scene = sceneOf('p2c', [1, 1, 1, 1]);
    scene.behaviours.set('p0', { latencyMs: 400, result: 'ok' });
    scene.run(1_000, 500);
    const slow = scene.run(2_000, 500).p0 ?? 0;
    assert.ok(slow < 20, `${slow} of 1,000 calls to the slow one`);
  });

  it('p2c: gives a provider of small weight some calls, and never much more than its share', () => {
    const scene = sceneOf('p2c', [1, 99]);
    scene.behaviours.set('p1', { latencyMs: 50, result: 'ok' });
    const light = scene.run(10_000, 1_000).p0 ?? 0;
    assert.ok(light >= 50 && light <= 300, `${light} of 10,000 for a weight of 1 %`);
  });

  it('p2c: spreads calls evenly over providers that are alike', () => {
    const scene = sceneOf('p2c', new Array<number>(8).fill(100));
    const counts = scene.run(10_000, 1_000);
    for (const [host, count] of Object.entries(counts)) assert.ok(count > 800 && count < 1_700, `${host}: ${count}`);
  });

  it('consistent-hash: sends one hash to one provider, and gives each about its share', () => {
    const scene = sceneOf('consistent-hash', new Array<number>(10).fill(100));
    const counts = ownersOf(scene, 20_000).reduce<Record<string, number>>(
      (sums, host) => Object.assign(sums, { [host]: (sums[host] ?? 0) + 1 }),
      {},
    );
    for (const [host, count] of Object.entries(counts)) assert.ok(count > 1_400 && count < 2_700, `${host}: ${count}`);
    assert.equal(Object.keys(counts).length, 10);
    assert.deepEqual(ownersOf(scene, 100), ownersOf(scene, 100));
  });

  it('consistent-hash: moves only what must move, whatever comes and goes and in whatever order', () => {
    const hosts = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(hosts, hosts, (before, after) => {
        const scene = new SelectionScene({ balancer: 'consistent-hash' });
        scene.update(instances(before.map(String)));
        const owners = ownersOf(scene, 300);
        scene.update(instances(after.map(String)));
        const gone = new Set(before.filter((host) => !after.includes(host)).map(String));
        const come = new Set(after.filter((host) => !before.includes(host)).map(String));
        for (const [index, owner] of ownersOf(scene, 300).entries()) {
          const previous = owners[index]!;
          if (owner !== previous) assert.ok(gone.has(previous) || come.has(owner), `${previous} to ${owner}`);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('consistent-hash: deals out what belongs to one that is not usable, and gives it back', () => {
    const scene = sceneOf('consistent-hash', [1, 1, 1, 1]);
    const before = ownersOf(scene, 1_000);
    scene.targets.get('p2')!.isUsable = false;
    const meanwhile = ownersOf(scene, 1_000);
    const heirs = new Set<string>();
    for (const [index, owner] of before.entries()) {
      if (owner === 'p2') heirs.add(meanwhile[index]!);
      else assert.equal(meanwhile[index], owner);
    }
    assert.deepEqual([...heirs].sort(), ['p0', 'p1', 'p3']);
    scene.targets.get('p2')!.isUsable = true;
    assert.deepEqual(ownersOf(scene, 1_000), before);
  });

  it('consistent-hash: leaves requests without a hash to chance', () => {
    const scene = sceneOf('consistent-hash', [1, 1, 1, 1]);
    assert.equal(Object.keys(scene.counts(100, { hash: -1 })).length, 4);
  });
});

function sceneOf(balancer: BalancerName, list: readonly number[]): SelectionScene {
  const scene = new SelectionScene({ balancer, ejection: undefined });
  scene.update(list.map((weight, index) => instance(`p${index}`, { weight })));
  return scene;
}

function ownersOf(scene: SelectionScene, keys: number): string[] {
  return Array.from({ length: keys }, (_, index) => scene.pick({ hash: hashText(`key ${index}`) }));
}
