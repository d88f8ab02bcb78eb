import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CallResult } from '../../../src/balancing/call-record.ts';
import type { BalancerName } from '../../../src/balancing/create-balancer.ts';
import { DEFAULT_EJECTION } from '../../../src/config/ejection-schema.ts';
import { type Behaviour, instances, SelectionScene, WELL } from './selection-scene.ts';

const FAILING: Behaviour = { latencyMs: 2, result: 'failure' };
const SLOW: Behaviour = { latencyMs: 600, result: 'ok' };
const TIMED_OUT: Behaviour = { latencyMs: 1_000, result: 'failure' };
const HOSTS = ['a', 'b', 'c', 'd'];
const BALANCERS: readonly BalancerName[] = ['p2c', 'round-robin', 'weighted-random', 'least-active', 'consistent-hash'];

describe('outlier detection', () => {
  for (const balancer of BALANCERS) {
    for (const [what, behaviour] of Object.entries({ failing: FAILING, slow: SLOW, 'timing out': TIMED_OUT })) {
      it(`${balancer}: keeps calls from one ${what} provider of four within two seconds, and lets it come back`, () => {
        const scene = sceneOf({ balancer });
        scene.run(3_000, 200);
        scene.behaviours.set('a', behaviour);
        scene.run(2_000, 200);
        const ill = scene.run(5_000, 200);
        assert.ok((ill.a ?? 0) <= 20, `${ill.a} of 1,000 calls to the ill one`);
        assert.ok(ill.b! > 100 && ill.c! > 100 && ill.d! > 100, JSON.stringify(ill));
        scene.behaviours.set('a', WELL);
        scene.run(30_000, 200);
        const { a } = scene.run(2_000, 200);
        assert.ok(a! > 40, `${a} of 400 calls after it got well`);
        assert.deepEqual(scene.ejected(), []);
      });
    }
  }

  it('ejects by the share of failures, compared with the others', () => {
    const scene = sceneOf();
    for (let i = 0; i < 40; i++)
      for (const host of HOSTS) scene.call(host, i % 2 === 0 && host === 'a' ? FAILING : WELL);
    scene.nowMs = 600;
    scene.pick();
    assert.deepEqual(scene.ejected(), ['a']);
    assert.equal(scene.candidate('a').endpoint.ejection.reason, '20 of 40 calls failed');
  });

  it('ejects nobody where all fail alike, or all are slow', () => {
    for (const behaviour of [FAILING, TIMED_OUT, SLOW]) {
      const scene = sceneOf({ balancer: 'round-robin' });
      for (const host of HOSTS) scene.behaviours.set(host, behaviour);
      scene.run(10_000, 100, () => assert.deepEqual(scene.ejected(), []));
    }
  });

  it('takes many times next to nothing for no difference', () => {
    const scene = sceneOf({ balancer: 'round-robin' });
    scene.behaviours.set('a', { latencyMs: 50, result: 'ok' });
    scene.run(5_000, 100, () => assert.deepEqual(scene.ejected(), []));
    scene.behaviours.set('a', { latencyMs: 60, result: 'ok' });
    scene.run(5_000, 100);
    assert.deepEqual(scene.ejected(), ['a']);
    const { reason } = scene.candidate('a').endpoint.ejection;
    assert.match(reason!, /^calls took \d+ ms, those of the others 5 ms$/);
  });

  it('never ejects the only provider', () => {
    const scene = new SelectionScene();
    scene.update(instances(['a']));
    for (let i = 0; i < 100; i++) scene.call('a', FAILING);
    assert.equal(scene.pick(), 'a');
    assert.deepEqual(scene.ejected(), []);
  });

  it('takes a business exception and a call that was given up for no failure', () => {
    const scene = sceneOf();
    for (let i = 0; i < 100; i++) scene.call('a', { latencyMs: 5, result: i % 2 === 0 ? 'ok' : 'neutral' });
    scene.nowMs = 600;
    scene.pick();
    assert.deepEqual(scene.ejected(), []);
  });

  it('brings one back by one probe, and leaves it out for longer when that fails', () => {
    const scene = sceneOf();
    for (let i = 0; i < 5; i++) scene.call('a', FAILING);
    scene.behaviours.set('a', FAILING);
    const during = scene.run(9_900, 100);
    assert.equal(during.a, undefined);
    assert.equal(scene.run(15_000, 100).a, 1, 'the probe');
    scene.behaviours.set('a', WELL);
    const after = scene.run(8_000, 100);
    assert.ok(after.a! > 50, `${after.a}`);
  });

  it('sends another probe where the first says nothing', () => {
    const scene = sceneOf();
    for (let i = 0; i < 5; i++) scene.call('a', FAILING);
    scene.behaviours.set('a', { latencyMs: 300, result: 'neutral' });
    scene.run(10_000, 100);
    const probes = scene.run(3_000, 100).a ?? 0;
    assert.ok(probes >= 8 && probes <= 11, `${probes} probes of 300 ms in 3 s`);
  });

  it('waits with the probe until the provider is usable', () => {
    const scene = sceneOf();
    for (let i = 0; i < 5; i++) scene.call('a', FAILING);
    scene.targets.get('a')!.isUsable = false;
    assert.equal(scene.run(20_000, 100).a, undefined);
    scene.targets.get('a')!.isUsable = true;
    assert.ok(scene.run(2_000, 100).a! > 10);
  });

  it('does nothing where ejection is off', () => {
    const scene = sceneOf({ ejection: undefined, balancer: 'round-robin' });
    scene.behaviours.set('a', FAILING);
    assert.equal(scene.run(20_000, 100).a, 500);
  });

  it('gives up no more than its share where the list shrinks', () => {
    const scene = sceneOf();
    for (const host of ['a', 'b']) for (let i = 0; i < 5; i++) scene.call(host, FAILING);
    scene.pick();
    assert.deepEqual(scene.ejected(), ['a', 'b']);
    scene.update(instances(['a', 'b', 'c']));
    assert.equal(scene.ejected().length, 1);
    scene.update(instances(['a']));
    assert.deepEqual(scene.ejected(), []);
  });

  it('never leaves out more than half, whatever fails, comes and goes', () => {
    const result = fc.constantFrom<CallResult>('ok', 'failure', 'failure', 'failure', 'neutral');
    const step = fc.oneof(
      { weight: 1, arbitrary: fc.record({ size: fc.integer({ min: 0, max: 9 }) }) },
      {
        weight: 20,
        arbitrary: fc.record({
          host: fc.nat({ max: 8 }),
          times: fc.integer({ min: 1, max: 25 }),
          afterMs: fc.integer({ min: 0, max: 4_000 }),
          behaviour: fc.record({ latencyMs: fc.constantFrom(1, 5, 900), result }),
        }),
      },
    );
    let mostEjected = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const scene = new SelectionScene();
        const hosts = Array.from({ length: 9 }, (_, index) => `p${index}`);
        scene.update(instances(hosts));
        for (const next of steps) {
          if ('size' in next) {
            scene.update(instances(hosts.slice(0, next.size)));
          } else if (next.host < scene.selection.size) {
            for (let i = 0; i < next.times; i++) scene.call(`p${next.host}`, next.behaviour);
            scene.nowMs += next.afterMs;
          }
          scene.pick();
          const ejected = scene.ejected().length;
          mostEjected = Math.max(mostEjected, ejected);
          assert.ok(ejected <= Math.floor(scene.selection.size / 2), `${ejected} of ${scene.selection.size}`);
        }
      }),
    );
    assert.ok(mostEjected >= 2, 'some were ejected');
  });

  it('has finite rules', () => {
    for (const [name, value] of Object.entries(DEFAULT_EJECTION)) assert.ok(Number.isFinite(value), name);
  });
});

function sceneOf(options: ConstructorParameters<typeof SelectionScene>[0] = {}): SelectionScene {
  const scene = new SelectionScene(options);
  scene.update(instances(HOSTS));
  return scene;
}
