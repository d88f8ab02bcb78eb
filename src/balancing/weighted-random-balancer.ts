import type { Balancer, CandidateList, SelectionRequest } from './balancer.ts';
import { type CallTarget, type Candidate, isFree } from './candidate.ts';
import { WeightedDraw } from './weighted-draw.ts';

/** Draws before the list is searched. */
const MAX_DRAWS = 4;

/** Chance, each provider as often as its weight says: Dubbo's `RandomLoadBalance`. */
export class WeightedRandomBalancer<Target extends CallTarget> implements Balancer<Target> {
  readonly #random: () => number;
  readonly #draw: WeightedDraw;
  #candidates: readonly Candidate<Target>[] = [];

  constructor(random: () => number) {
    this.#random = random;
    this.#draw = new WeightedDraw(random);
  }

  prepare({ healthy }: CandidateList<Target>): void {
    this.#candidates = healthy;
    this.#draw.prepare(healthy);
  }

  pick(_request: SelectionRequest, tried: readonly Candidate[]): Candidate<Target> | undefined {
    const candidates = this.#candidates;
    if (candidates.length === 0) return undefined;
    for (let i = 0; i < MAX_DRAWS; i++) {
      const candidate = candidates[this.#draw.draw()]!;
      if (isFree(candidate, tried)) return candidate;
    }
    return this.#search(candidates, tried);
  }

  /** A draw among those that are free: each takes the place of the one before with the odds of its weight. */
  #search(candidates: readonly Candidate<Target>[], tried: readonly Candidate[]): Candidate<Target> | undefined {
    let picked: Candidate<Target> | undefined;
    let sum = 0;
    for (const candidate of candidates) {
      if (!isFree(candidate, tried)) continue;
      sum += candidate.weight;
      if (this.#random() * sum < candidate.weight) picked = candidate;
    }
    return picked;
  }
}
