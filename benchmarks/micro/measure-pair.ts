import { cpuTimeMs } from '../cpu-time.ts';
import { compare, summarize } from '../statistics.ts';
import type { MicroPair, MicroResult, MicroSettings } from './micro-case.ts';

/** Keeps results alive. */
let kept = 0;

/** Runs both ways of a pair for so long, so that the engine has seen them. */
export async function exercise(pair: MicroPair, eachMs: number): Promise<void> {
  for (const way of waysOf(pair)) await warmUp(way, eachMs, eachMs);
}

/**
 * Measures a pair: warm-up of both, then rounds in which they take turns, each the first every other time. A round runs
 * a fixed number of times, found in the warm-up.
 */
export async function measurePair(name: string, pair: MicroPair, settings: MicroSettings): Promise<MicroResult> {
  const { rounds, roundMs, warmUpMs } = settings;
  const measured: MeasuredWay[] = [];
  for (const way of waysOf(pair)) {
    measured.push({ way, runsPerRound: await warmUp(way, warmUpMs, roundMs), nanoseconds: [] });
  }
  for (let round = 0; round < rounds; round++) {
    const inTurn = round % 2 === 0 ? measured : measured.toReversed();
    for (const { way, runsPerRound, nanoseconds } of inTurn) nanoseconds.push(await nanosecondsOf(way, runsPerRound));
    // A process whose parent is gone hears of it here.
    await nextTurn();
  }
  if (!Number.isFinite(kept)) throw new Error(`${name} did not return a number`);
  const ours = measured[0]!.nanoseconds;
  const baseline = measured[1]?.nanoseconds;
  return {
    name,
    summary: pair.summary,
    baselineName: pair.baselineName,
    ours: summarize(ours),
    baseline: baseline && summarize(baseline),
    baselineToOurs: baseline && compare(baseline, ours),
    rounds: { ours, baseline: baseline ?? [] },
  };
}

interface Way {
  readonly run: () => number;
  readonly leavesPromises: boolean;
  readonly timesPerRun: number;
}

interface MeasuredWay {
  readonly way: Way;
  readonly runsPerRound: number;
  readonly nanoseconds: number[];
}

/** Ours, then the baseline if there is one. */
function waysOf({ ours, baseline, leavesPromises = false, timesPerRun = 1 }: MicroPair): Way[] {
  const runs = baseline === undefined ? [ours] : [ours, baseline];
  return runs.map((run) => ({ run, leavesPromises, timesPerRun }));
}

/** Runs for so long on the core, however busy the machine is; returns how many runs fill a round. */
async function warmUp(way: Way, warmUpMs: number, roundMs: number): Promise<number> {
  const startMs = cpuTimeMs();
  let runs = 0;
  let elapsedMs = 0;
  let halfwayRuns = 0;
  let halfwayMs = 0;
  while (elapsedMs < warmUpMs) {
    // Few at first: a run of the slowest takes milliseconds.
    const more = Math.min(16, runs + 1);
    await repeat(way, more);
    runs += more;
    elapsedMs = cpuTimeMs() - startMs;
    if (halfwayMs === 0 && elapsedMs > warmUpMs / 2) {
      halfwayMs = elapsedMs;
      halfwayRuns = runs;
    }
  }
  // The second half alone: the first was slow while the code was compiled.
  const runsPerMs = (runs - halfwayRuns) / (elapsedMs - halfwayMs) || runs / elapsedMs;
  return Math.max(1, Math.round(runsPerMs * roundMs));
}

async function nanosecondsOf(way: Way, runs: number): Promise<number> {
  const startMs = cpuTimeMs();
  await repeat(way, runs);
  return ((cpuTimeMs() - startMs) * 1e6) / (runs * way.timesPerRun);
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
