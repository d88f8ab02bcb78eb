import type { Balancer, CandidateList, SelectionRequest } from './balancer.ts';
import { type CallTarget, type Candidate, isFree } from './candidate.ts';

/** Providers that are compared for one call: a longer list would cost more than it is better. */
const MAX_COMPARED = 64;
const UNTRIED: readonly Candidate[] = [];

/**
 * The provider with the fewest calls in flight; among equals chance by weight: Dubbo's `LeastActiveLoadBalance`. Of more
 * than 64 providers it compares 64 in a row, from one drawn at random on.
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
    const { length } = this.#candidates;
    if (length === 0) return undefined;
    const start = length > MAX_COMPARED ? Math.floor(this.#random() * length) : 0;
    const end = start + Math.min(length, MAX_COMPARED);
    // Whether one is usable costs more to ask than all the rest, and nearly always the answer is yes.
    const picked = this.#least(start, end, UNTRIED, false);
    return picked !== undefined && isFree(picked, tried) ? picked : this.#least(start, end, tried, true);
  }

  /** The least active of a part of the list, which goes on at its beginning. */
  #least(start: number, end: number, tried: readonly Candidate[], onlyFree: boolean): Candidate<Target> | undefined {
    const candidates = this.#candidates;
    const { length } = candidates;
    let least = Number.POSITIVE_INFINITY;
    let sum = 0;
    for (let i = start; i < end; i++) {
      const candidate = candidates[i < length ? i : i - length]!;
      const { inFlight } = candidate.endpoint;
      if (inFlight > least || (onlyFree && !isFree(candidate, tried))) continue;
      sum = inFlight < least ? candidate.weight : sum + candidate.weight;
      least = inFlight;
    }
    let wanted = this.#random() * sum;
    let last: Candidate<Target> | undefined;
    for (let i = start; i < end; i++) {
      const candidate = candidates[i < length ? i : i - length]!;
      if (candidate.endpoint.inFlight !== least || (onlyFree && !isFree(candidate, tried))) continue;
      last = candidate;
      wanted -= candidate.weight;
      if (wanted < 0) break;
    }
    return last;
  }
}
