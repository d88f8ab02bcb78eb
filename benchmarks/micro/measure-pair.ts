import { type Comparison, compare, type Summary, summarize } from '../statistics.ts';

/**
 * Two ways to do the same thing, or one way where there is nothing to compare it with. Each returns a number that hangs on
 * its result, so that none of it can be left out.
 */
export interface MicroCase {
  readonly name: string;
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
}

export interface MicroResult {
  readonly name: string;
  readonly summary: string;
  readonly baselineName: string | undefined;
  /** Nanoseconds of CPU time of one run. */
  readonly ours: Summary;
  readonly baseline: Summary | undefined;
  /** How many times as long the baseline takes. */
  readonly baselineToOurs: Comparison | undefined;
}

/** Keeps results alive. */
let kept = 0;

/**
 * Measures a case after checking it: warm-up of both, then rounds in which they take turns, each the first every other
 * time. A round runs a fixed number of times, found in the warm-up.
 */
export async function measurePair(
  micro: MicroCase,
  { rounds, roundMs, warmUpMs }: MicroSettings,
): Promise<MicroResult> {
  micro.check();
  const { baseline: runBaseline, leavesPromises = false, timesPerRun = 1 } = micro;
  const way = (run: () => number): Way => ({ run, leavesPromises, timesPerRun });
  const ours: number[] = [];
  const baseline: number[] = [];
  const ourRuns = await warmUp(way(micro.ours), warmUpMs, roundMs);
  const baselineRuns = runBaseline === undefined ? 0 : await warmUp(way(runBaseline), warmUpMs, roundMs);
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) ours.push(await nanosecondsOf(way(micro.ours), ourRuns));
    if (runBaseline !== undefined) baseline.push(await nanosecondsOf(way(runBaseline), baselineRuns));
    if (round % 2 === 1) ours.push(await nanosecondsOf(way(micro.ours), ourRuns));
  }
  if (!Number.isFinite(kept)) throw new Error(`${micro.name} did not return a number`);
  const isCompared = runBaseline !== undefined;
  return {
    name: micro.name,
    summary: micro.summary,
    baselineName: micro.baselineName,
    ours: summarize(ours),
    baseline: isCompared ? summarize(baseline) : undefined,
    baselineToOurs: isCompared ? compare(baseline, ours) : undefined,
  };
}

interface Way {
  readonly run: () => number;
  readonly leavesPromises: boolean;
  readonly timesPerRun: number;
}

/** Runs for a while; returns how many runs fill a round. */
async function warmUp(way: Way, warmUpMs: number, roundMs: number): Promise<number> {
  const startMs = performance.now();
  let runs = 0;
  let elapsedMs = 0;
  let halfwayRuns = 0;
  let halfwayMs = 0;
  while (elapsedMs < warmUpMs) {
    await repeat(way, 16);
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
async function nanosecondsOf(way: Way, runs: number): Promise<number> {
  const before = process.cpuUsage();
  await repeat(way, runs);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / (runs * way.timesPerRun);
}

async function repeat({ run, leavesPromises }: Way, runs: number): Promise<void> {
  for (let i = 0; i < runs; i++) {
    kept += run();
    if (leavesPromises) await nextTurn();
  }
}

/** A turn of the event loop: all promises that can settle have settled then. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
