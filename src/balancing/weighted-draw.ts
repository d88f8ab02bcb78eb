import type { Candidate } from './candidate.ts';

/** Draws places of a list at random, each as often as its weight says. */
export class WeightedDraw {
  readonly #random: () => number;
  #size = 0;
  /** Sums of the weights up to each place; undefined where all weigh the same. */
  #sums: Float64Array | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Whether all weigh the same. */
  get isEven(): boolean {
    return this.#sums === undefined;
  }

  prepare(candidates: readonly Candidate[]): void {
    this.#size = candidates.length;
    this.#sums = candidates.every(({ weight }) => weight === candidates[0]!.weight) ? undefined : sumsOf(candidates);
  }

  /** A place of the list, which must not be empty. */
  draw(): number {
    const sums = this.#sums;
    if (sums === undefined) return Math.floor(this.#random() * this.#size);
    const wanted = this.#random() * sums[this.#size - 1]!;
    let low = 0;
    let high = this.#size - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function sumsOf(candidates: readonly Candidate[]): Float64Array {
  const sums = new Float64Array(candidates.length);
  let sum = 0;
  for (let i = 0; i < candidates.length; i++) {
    sum += candidates[i]!.weight;
    sums[i] = sum;
  }
  return sums;
}
