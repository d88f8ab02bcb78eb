import type { Balancer, CandidateList, SelectionRequest } from './balancer.ts';
import { type CallTarget, type Candidate, isFree } from './candidate.ts';
import { HashRing } from './hash-ring.ts';
import { mixBits } from './murmur3.ts';

/** Owners that are asked for one call. Where that is not enough, nearly nobody is free. */
const MAX_TRIES = 64;
const HASHES = 2 ** 32;

/**
 * Requests of one hash meet one provider, for as long as it is there: Dubbo's `ConsistentHashLoadBalance`, with a hash of
 * our own. As there, weights do not count, but 0 takes nothing. What belongs to a provider that is ejected or does not
 * answer goes to the others meanwhile, always the same for one hash, and comes back with it. Requests without a hash are
 * left to chance.
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
    if (ring.isEmpty) return undefined;
    let key = hash < 0 ? Math.floor(this.#random() * HASHES) : hash;
    for (let i = 0; i < MAX_TRIES; i++) {
      const candidate = this.#candidates[ring.ownerOf(key)]!;
      if (!candidate.isEjected && isFree(candidate, tried)) return candidate;
      key = mixBits(key + 1);
    }
    return undefined;
  }
}

function isSame(list: readonly Candidate[], other: readonly Candidate[]): boolean {
  return list.length === other.length && list.every((candidate, index) => candidate === other[index]);
}
