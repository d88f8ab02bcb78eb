import { type Comparison, compare, type Summary, summarize } from '../statistics.ts';

/** Two ways to do the same thing. Each returns a number that hangs on its result, so that none of it can be left out. */
export interface MicroCase {
  readonly name: string;
  readonly summary: string;
  readonly ours: () => number;
  readonly baselineName: string;
  readonly baseline: () => number;
  /** Throws when the two do not come to the same result. */
  check(): void;
}

export interface MicroSettings {
  readonly rounds: number;
  /** Length of one round of one of the two, in ms. */
  readonly roundMs: number;
  readonly warmUpMs: number;
}

export interface MicroResult {
  readonly name: string;
  readonly summary: string;
  readonly baselineName: string;
  /** Nanoseconds of CPU time of one run. */
  readonly ours: Summary;
  readonly baseline: Summary;
  /** How many times as long the baseline takes. */
  readonly baselineToOurs: Comparison;
}

/** Keeps results alive. */
let kept = 0;

/**
 * Measures a case after checking it: warm-up of both, then rounds in which they take turns, each the first every other
 * time. A round runs a fixed number of times, found in the warm-up.
 */
export function measurePair(micro: MicroCase, { rounds, roundMs, warmUpMs }: MicroSettings): MicroResult {
  micro.check();
  const ourRuns = warmUp(micro.ours, warmUpMs, roundMs);
  const baselineRuns = warmUp(micro.baseline, warmUpMs, roundMs);
  const ours: number[] = [];
  const baseline: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) ours.push(nanosecondsOf(micro.ours, ourRuns));
    baseline.push(nanosecondsOf(micro.baseline, baselineRuns));
    if (round % 2 === 1) ours.push(nanosecondsOf(micro.ours, ourRuns));
  }
  if (!Number.isFinite(kept)) throw new Error(`${micro.name} did not return a number`);
  return {
    name: micro.name,
    summary: micro.summary,
    baselineName: micro.baselineName,
    ours: summarize(ours),
    baseline: summarize(baseline),
    baselineToOurs: compare(baseline, ours),
  };
}

/** Runs for a while; returns how many runs fill a round. */
function warmUp(run: () => number, warmUpMs: number, roundMs: number): number {
  const startMs = performance.now();
  let runs = 0;
  let elapsedMs = 0;
  let halfwayRuns = 0;
  let halfwayMs = 0;
  while (elapsedMs < warmUpMs) {
    for (let i = 0; i < 16; i++) kept += run();
    runs += 16;
    elapsedMs = performance.now() - startMs;
    if (halfwayMs === 0 && elapsedMs > warmUpMs / 2) {
      halfwayMs = elapsedMs;
      halfwayRuns = runs;
    }
  }
  // The second half alone: the first was slow while the code was compiled.
  const runsPerMs = (runs - halfwayRuns) / (elapsedMs - halfwayMs) || 1;
  return Math.max(1, Math.round(runsPerMs * roundMs));
}

/** CPU time of the process, so that what else runs on the machine counts less than with a clock. */
function nanosecondsOf(run: () => number, runs: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < runs; i++) kept += run();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / runs;
}
