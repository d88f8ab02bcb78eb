import type { Balancer, CandidateList, SelectionRequest } from './balancer.ts';
import { type CallTarget, type Candidate, isFree } from './candidate.ts';

/** Providers that may lose their turn in one pick because they are not free. */
const MAX_SKIPPED = 32;

/**
 * In turn, each as often as its weight says and spread as evenly as can be: of the weights 5, 1, 1 comes a a b a c a a, not
 * a a a a a b c. In Dubbo it is `RoundRobinLoadBalance`, in nginx smooth weighted round robin; here everybody has a time
 * at which it is due next, every 1 / weight, and they are kept in a heap (earliest deadline first), so that a pick looks
 * at a few of them only. Who is not free when its turn comes loses that turn and does not get it back.
 */
export class RoundRobinBalancer<Target extends CallTarget> implements Balancer<Target> {
  readonly #random: () => number;
  /** A binary heap by `turn`: who is due next comes first. */
  #heap: Candidate<Target>[] = [];
  /** The turn of who was picked last. */
  #time = 0;

  /** @param random so that many gateways do not all begin with the same provider */
  constructor(random: () => number) {
    this.#random = random;
  }

  prepare({ healthy }: CandidateList<Target>): void {
    const known = new Set(this.#heap);
    for (const candidate of healthy) {
      if (!known.has(candidate)) candidate.turn = this.#time + this.#random() / candidate.weight;
      // A weight that has grown is not to wait for what the small one put far away.
      else candidate.turn = Math.min(candidate.turn, this.#time + 1 / candidate.weight);
    }
    // A sorted list is a heap.
    this.#heap = [...healthy].sort((a, b) => a.turn - b.turn);
  }

  pick(_request: SelectionRequest, tried: readonly Candidate[]): Candidate<Target> | undefined {
    const tries = Math.min(this.#heap.length, MAX_SKIPPED);
    for (let i = 0; i < tries; i++) {
      const candidate = this.#take();
      if (isFree(candidate, tried)) return candidate;
    }
    return undefined;
  }

  /** Who is due, put back to where its next turn is. */
  #take(): Candidate<Target> {
    const heap = this.#heap;
    const { length } = heap;
    const candidate = heap[0]!;
    this.#time = candidate.turn;
    candidate.turn += 1 / candidate.weight;
    const { turn } = candidate;
    let place = 0;
    for (let child = 1; child < length; child = 2 * place + 1) {
      if (child + 1 < length && heap[child + 1]!.turn < heap[child]!.turn) child++;
      if (heap[child]!.turn >= turn) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = candidate;
    return candidate;
  }
}
