import type { Balancer, CandidateList, SelectionRequest } from './balancer.ts';
import { type CallTarget, type Candidate, firstFree, isFree } from './candidate.ts';
import { WeightedDraw } from './weighted-draw.ts';

/** Pairs drawn before the list is searched: with most providers free, the first one does. */
const MAX_DRAWS = 3;

/**
 * The power of two choices: of two providers drawn at random, the one where a call more costs less (`PeakEwma`). It keeps
 * away from slow and full providers, and does not run all at once to the best one; a pick costs the same for any number.
 *
 * Weights say how often a provider is drawn. Where they differ, both may be the same one: so the share of a provider
 * stays near its weight however well it does, and no small weight is ever starved.
 */
export class P2cBalancer<Target extends CallTarget> implements Balancer<Target> {
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

  pick(_request: SelectionRequest, tried: readonly Candidate[], nowMs: number): Candidate<Target> | undefined {
    const candidates = this.#candidates;
    const { length } = candidates;
    if (length > 1) {
      for (let i = 0; i < MAX_DRAWS; i++) {
        const picked = this.#better(candidates, tried, nowMs);
        if (picked !== undefined) return picked;
      }
    }
    return length === 0 ? undefined : firstFree(candidates, tried, Math.floor(this.#random() * length));
  }

  #better(
    candidates: readonly Candidate<Target>[],
    tried: readonly Candidate[],
    nowMs: number,
  ): Candidate<Target> | undefined {
    const draw = this.#draw;
    const place = draw.draw();
    const first = candidates[place]!;
    const second = candidates[draw.isEven ? this.#other(place, candidates.length) : draw.draw()]!;
    const firstIsFree = isFree(first, tried);
    if (second === first) return firstIsFree ? first : undefined;
    if (!isFree(second, tried)) return firstIsFree ? first : undefined;
    if (!firstIsFree) return second;
    return loadOf(second, nowMs) < loadOf(first, nowMs) ? second : first;
  }

  /** Another place than this one, each as likely. */
  #other(place: number, size: number): number {
    const other = Math.floor(this.#random() * (size - 1));
    return other < place ? other : other + 1;
  }
}

function loadOf({ endpoint }: Candidate, nowMs: number): number {
  return endpoint.latency.loadOf(endpoint.inFlight, nowMs);
}
