import type { Balancer, CandidateList, SelectionRequest } from './balancer.ts';
import { type CallTarget, type Candidate, isFree } from './candidate.ts';
import { HashRing } from './hash-ring.ts';

/** Points of the ring that are looked at for one call. Where that is not enough, nearly nobody is free. */
const MAX_STEPS = 1_000;
const HASHES = 2 ** 32;

/**
 * Requests of one hash meet one provider, for as long as it is there: Dubbo's `ConsistentHashLoadBalance`, with a hash of
 * our own. As there, weights do not count, but 0 takes nothing. What belongs to a provider that is ejected or does not
 * answer goes to the others on the ring meanwhile, each a part, and comes back with it. Requests without a hash are left
 * to chance.
 */
export class ConsistentHashBalancer<Target extends CallTarget> implements Balancer<Target> {
  readonly #random: () => number;
  #candidates: readonly Candidate<Target>[] = [];
  #ring = new HashRing([]);

  constructor(random: () => number) {
    this.#random = random;
  }

  prepare({ all }: CandidateList<Target>): void {
    if (!isSame(all, this.#candidates)) this.#ring = new HashRing(all.map(({ endpoint }) => endpoint.address.key));
    this.#candidates = all;
  }

  pick({ hash }: SelectionRequest, tried: readonly Candidate[]): Candidate<Target> | undefined {
    const ring = this.#ring;
    if (ring.size === 0) return undefined;
    const start = ring.placeOf(hash < 0 ? Math.floor(this.#random() * HASHES) : hash);
    const steps = Math.min(ring.size, MAX_STEPS);
    for (let i = 0; i < steps; i++) {
      const candidate = this.#candidates[ring.ownerAt(start + i)]!;
      if (!candidate.isEjected && isFree(candidate, tried)) return candidate;
    }
    return undefined;
  }
}

function isSame(list: readonly Candidate[], other: readonly Candidate[]): boolean {
  return list.length === other.length && list.every((candidate, index) => candidate === other[index]);
}
