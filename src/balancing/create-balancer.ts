import type { Balancer } from './balancer.ts';
import type { CallTarget } from './candidate.ts';
import { ConsistentHashBalancer } from './consistent-hash-balancer.ts';
import { LeastActiveBalancer } from './least-active-balancer.ts';
import { P2cBalancer } from './p2c-balancer.ts';
import { RoundRobinBalancer } from './round-robin-balancer.ts';
import { WeightedRandomBalancer } from './weighted-random-balancer.ts';

/** Names of the balancers as the configuration has them. */
export type BalancerName = 'p2c' | 'round-robin' | 'weighted-random' | 'least-active' | 'consistent-hash';

/** @param random a number from 0 to below 1, like `Math.random` */
export function createBalancer<Target extends CallTarget>(name: BalancerName, random: () => number): Balancer<Target> {
  switch (name) {
    case 'p2c':
      return new P2cBalancer(random);
    case 'round-robin':
      return new RoundRobinBalancer(random);
    case 'weighted-random':
      return new WeightedRandomBalancer(random);
    case 'least-active':
      return new LeastActiveBalancer(random);
    case 'consistent-hash':
      return new ConsistentHashBalancer(random);
  }
}
