import type { Balancer, CandidateList, SelectionRequest } from './balancer.ts';
import { type CallTarget, type Candidate, isFree } from './candidate.ts';

const UNTRIED: readonly Candidate[] = [];

/**
 * The provider with the fewest calls in flight; among equals chance by weight: Dubbo's `LeastActiveLoadBalance`. It looks
 * at all providers for each call.
 */
export class LeastActiveBalancer<Target extends CallTarget> implements Balancer<Target> {
  readonly #random: () => number;
  #candidates: readonly Candidate<Target>[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  prepare({ healthy }: CandidateList<Target>): void {
    this.#candidates = healthy;
  }

  pick(_request: SelectionRequest, tried: readonly Candidate[]): Candidate<Target> | undefined {
    // Whether one is usable costs more to ask than all the rest, and nearly always the answer is yes.
    const picked = this.#least(UNTRIED, false);
    return picked === undefined || isFree(picked, tried) ? picked : this.#least(tried, true);
  }

  #least(tried: readonly Candidate[], onlyFree: boolean): Candidate<Target> | undefined {
    const candidates = this.#candidates;
    let least = Number.POSITIVE_INFINITY;
    let sum = 0;
    for (const candidate of candidates) {
      const { inFlight } = candidate.endpoint;
      if (inFlight > least || (onlyFree && !isFree(candidate, tried))) continue;
      sum = inFlight < least ? candidate.weight : sum + candidate.weight;
      least = inFlight;
    }
    let wanted = this.#random() * sum;
    let last: Candidate<Target> | undefined;
    for (const candidate of candidates) {
      if (candidate.endpoint.inFlight !== least || (onlyFree && !isFree(candidate, tried))) continue;
      last = candidate;
      wanted -= candidate.weight;
      if (wanted < 0) break;
    }
    return last;
  }
}
