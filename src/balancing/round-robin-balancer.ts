import type { Balancer, CandidateList, SelectionRequest } from './balancer.ts';
import { type CallTarget, type Candidate, firstFree, isFree } from './candidate.ts';

const UNTRIED: readonly Candidate[] = [];

/**
 * In turn, each as often as its weight says and spread as evenly as can be: of the weights 5, 1, 1 comes a a b a c a a, not
 * a a a a a b c. It is nginx's smooth weighted round robin and Dubbo's `RoundRobinLoadBalance`: at each pick everybody
 * gains its weight, and who has most pays the sum of all. Equal weights take plain turns, which cost the same for any
 * number; otherwise all providers are looked at for each call.
 */
export class RoundRobinBalancer<Target extends CallTarget> implements Balancer<Target> {
  #candidates: readonly Candidate<Target>[] = [];
  #isEven = true;
  #next: number;

  /** @param random so that many gateways do not all begin with the first provider */
  constructor(random: () => number) {
    this.#next = Math.floor(random() * 2 ** 16);
  }

  prepare({ healthy }: CandidateList<Target>): void {
    const known = new Set(this.#candidates);
    // What one remembers from an earlier stay would be paid back all at once.
    for (const candidate of healthy) if (!known.has(candidate)) candidate.turn = 0;
    this.#candidates = healthy;
    this.#isEven = healthy.every(({ weight }) => weight === healthy[0]!.weight);
  }

  pick(_request: SelectionRequest, tried: readonly Candidate[]): Candidate<Target> | undefined {
    if (this.#candidates.length === 0) return undefined;
    return this.#isEven ? this.#inTurn(tried) : this.#smooth(tried);
  }

  #inTurn(tried: readonly Candidate[]): Candidate<Target> | undefined {
    const candidates = this.#candidates;
    const start = this.#next % candidates.length;
    const candidate = candidates[start]!;
    if (isFree(candidate, tried)) {
      this.#next = start + 1;
      return candidate;
    }
    const picked = firstFree(candidates, tried, start);
    // What is skipped does not burden its neighbour: the turn goes on after the one that was taken.
    if (picked !== undefined) this.#next = candidates.indexOf(picked) + 1;
    return picked;
  }

  #smooth(tried: readonly Candidate[]): Candidate<Target> | undefined {
    const picked = this.#gain(UNTRIED, false);
    if (picked === undefined || isFree(picked, tried)) return picked;
    // Those that are not free gain nothing, so that they do not get all they missed when they are back.
    this.#takeBack(picked);
    return this.#gain(tried, true);
  }

  #gain(tried: readonly Candidate[], onlyFree: boolean): Candidate<Target> | undefined {
    let sum = 0;
    let most: Candidate<Target> | undefined;
    for (const candidate of this.#candidates) {
      if (onlyFree && !isFree(candidate, tried)) continue;
      sum += candidate.weight;
      candidate.turn += candidate.weight;
      if (most === undefined || candidate.turn > most.turn) most = candidate;
    }
    if (most !== undefined) most.turn -= sum;
    return most;
  }

  #takeBack(picked: Candidate<Target>): void {
    for (const candidate of this.#candidates) {
      candidate.turn -= candidate.weight;
      picked.turn += candidate.weight;
    }
  }
}
