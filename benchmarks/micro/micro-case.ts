import type { Comparison, Summary } from '../statistics.ts';

/** Something that is measured by itself, without a gateway around it. */
export interface MicroCase {
  readonly name: string;
  /** Makes what is measured; only done in the process that measures. */
  prepare(): MicroPair;
}

/**
 * Two ways to do the same thing, or one way where there is nothing to compare it with. Each returns a number that hangs on
 * its result, so that none of it can be left out.
 */
export interface MicroPair {
  readonly summary: string;
  readonly ours: () => number;
  /** Undefined where there is nothing to compare with; then `baseline` is not there either. */
  readonly baselineName?: string;
  readonly baseline?: () => number;
  /** How often a run does the thing; default 1. Figures are for once. */
  readonly timesPerRun?: number;
  /** Whether promises are left over that have to be settled between runs, as part of the cost. */
  readonly leavesPromises?: boolean;
  /** Throws when the two do not come to the same result. */
  check(): void;
}

export interface MicroSettings {
  readonly rounds: number;
  /** Length of one round of one of the two, in ms. */
  readonly roundMs: number;
  readonly warmUpMs: number;
  /** How long each case of a group runs each of its ways before the first is measured, in ms. */
  readonly groupWarmUpMs: number;
}

export interface MicroResult {
  readonly name: string;
  readonly summary: string;
  readonly baselineName: string | undefined;
  /** Nanoseconds of CPU time of doing it once. */
  readonly ours: Summary;
  readonly baseline: Summary | undefined;
  /** How many times as long the baseline takes. */
  readonly baselineToOurs: Comparison | undefined;
  /** Nanoseconds of each round. */
  readonly rounds: { readonly ours: readonly number[]; readonly baseline: readonly number[] };
}
