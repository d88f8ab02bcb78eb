import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANY_PROVIDER } from '../../../src/balancing/balancer.ts';
import type { BalancerName } from '../../../src/balancing/create-balancer.ts';
import { fastestMs } from '../../support/fastest-ms.ts';
import { instance, SelectionScene } from './selection-scene.ts';

const BALANCERS: readonly BalancerName[] = ['p2c', 'round-robin', 'weighted-random', 'least-active', 'consistent-hash'];
const PICKS = 5_000;

describe('cost of a selection', () => {
  for (const balancer of BALANCERS) {
    it(`${balancer}: picks among 1,000 providers in less than a microsecond`, () => {
      const { selection } = sceneOf(balancer, 1_000);
      let hash = 0;
      const pickMs = fastestMs(60, () => {
        for (let i = 0; i < PICKS; i++) {
          hash = (hash + 0x9e3779b9) >>> 0;
          const request = balancer === 'consistent-hash' ? { ...ANY_PROVIDER, hash } : ANY_PROVIDER;
          if (selection.pick(request, [], 0) === undefined) throw new Error('nobody was picked');
        }
      });
      const pickUs = (pickMs * 1_000) / PICKS;
      assert.ok(pickUs < 1, `${pickUs} microseconds`);
    });

    it(`${balancer}: takes over a list of 10,000 providers in a moment`, () => {
      const scene = sceneOf(balancer, 10_000);
      const list = [...scene.selection.candidates].map((candidate) => candidate.instance);
      let isWhole = true;
      const updateMs = fastestMs(6, () => {
        isWhole = !isWhole;
        scene.update(isWhole ? list : list.slice(1));
      });
      assert.ok(updateMs < 250, `${updateMs} ms`);
    });
  }
});

function sceneOf(balancer: BalancerName, size: number): SelectionScene {
  const scene = new SelectionScene({ balancer });
  scene.update(Array.from({ length: size }, (_, index) => instance(`p${index}`, { weight: 50 + (index % 3) * 50 })));
  return scene;
}
