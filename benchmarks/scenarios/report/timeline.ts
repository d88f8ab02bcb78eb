import { latencyQuantile, mergeLatencies } from '../../load/latency-record.ts';
import { INTERVAL_MS, type IntervalRecord, OK, type Outcome, type StreamRecording } from '../../load/load-recording.ts';
import { wallMs } from '../../load/open-loop-load.ts';
import { textTable } from '../../text-table.ts';
import { numberText, type Series } from './chart.ts';

/** A stretch of a story in which one thing is so. */
export interface Phase {
  readonly name: string;
  /** In ms since 1970. */
  readonly fromMs: number;
  /** End in ms since 1970; what was due from then on belongs to the next phase. */
  readonly toMs: number;
}

/** What became of the requests of one stream that were due in one phase. */
export interface PhaseSummary {
  readonly phase: string;
  readonly due: number;
  /** Requests by outcome; the sum is `due`. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Of those that were answered well; undefined where none was. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly maxMs: number | undefined;
}

/** Notes when the phases of a story begin. */
export class Timeline {
  readonly startMs = wallMs();
  readonly #starts: { readonly name: string; readonly fromMs: number }[] = [];

  /** A phase begins now, and the one before ends. Gives the time. */
  begin(name: string): number {
    const fromMs = wallMs();
    this.#starts.push({ name, fromMs });
    return fromMs;
  }

  /** The last of them has no end. */
  get phases(): readonly Phase[] {
    return this.#starts.map(({ name, fromMs }, index) => ({
      name,
      fromMs,
      toMs: this.#starts[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY,
    }));
  }

  /** Seconds since the start of the story. */
  secondsAt(ms: number): number {
    return (ms - this.startMs) / 1_000;
  }

  /** Beginnings of the phases, for a chart. */
  get marks(): { x: number; label: string }[] {
    return this.#starts.map(({ name, fromMs }) => ({ x: this.secondsAt(fromMs), label: name }));
  }

  /** A line of a chart with a point for each interval of a stream, but for those without a value and those before the story. */
  series(
    name: string,
    { intervals }: StreamRecording,
    measure: (interval: IntervalRecord) => number | undefined,
  ): Series {
    const points = intervals.flatMap((interval) => {
      const value = measure(interval);
      const seconds = this.secondsAt(interval.fromMs + INTERVAL_MS / 2);
      return value === undefined || seconds < 0 ? [] : [[seconds, value] as const];
    });
    return { name, points };
  }

  /** What became of the requests of each phase. An interval belongs to the phase that its middle is in. */
  summarize({ intervals }: StreamRecording): PhaseSummary[] {
    return this.phases.map(({ name, fromMs, toMs }, index) => {
      // What was due before the first phase is part of it, so that no request is left out.
      const from = index === 0 ? Number.NEGATIVE_INFINITY : fromMs;
      const middle = INTERVAL_MS / 2;
      return summaryOf(
        name,
        intervals.filter((interval) => interval.fromMs + middle >= from && interval.fromMs + middle < toMs),
      );
    });
  }
}

/** One table for a stream: a row for each phase, a column for each outcome that there was. */
export function phaseTable(summaries: readonly PhaseSummary[]): string {
  const others = [...new Set(summaries.flatMap(({ outcomes }) => Object.keys(outcomes)))].filter((name) => name !== OK);
  const head = ['phase', 'requests', OK, ...others.sort(), 'p50 ms', 'p99 ms', 'max ms'];
  const rows = summaries.map(({ phase, due, outcomes, p50Ms, p99Ms, maxMs }) => [
    phase,
    numberText(due),
    ...[OK, ...others].map((name) => numberText(outcomes[name] ?? 0)),
    ...[p50Ms, p99Ms, maxMs].map((ms) => (ms === undefined ? '-' : ms.toFixed(ms < 10 ? 1 : 0))),
  ]);
  return textTable(head, rows);
}

/** Requests a second in an interval that ended in one of these outcomes, by when they were due. */
export function ratePerSecond({ outcomes }: IntervalRecord, counts: (outcome: Outcome) => boolean): number {
  let count = 0;
  for (const { outcome, latency } of outcomes) if (counts(outcome)) count += latency.count;
  return (count * 1_000) / INTERVAL_MS;
}

/** The 99th percentile in ms of an interval's good answers; undefined where there was none. */
export function okP99Ms({ outcomes }: IntervalRecord): number | undefined {
  const ok = outcomes.find(({ outcome }) => outcome === OK);
  return ok === undefined ? undefined : latencyQuantile(ok.latency, 0.99);
}

function summaryOf(phase: string, intervals: readonly IntervalRecord[]): PhaseSummary {
  const counts: Record<Outcome, number> = {};
  let due = 0;
  for (const interval of intervals) {
    due += interval.due;
    for (const { outcome, latency } of interval.outcomes) counts[outcome] = (counts[outcome] ?? 0) + latency.count;
  }
  const all = intervals.flatMap(({ outcomes }) => outcomes.filter(({ outcome }) => outcome === OK));
  const latency = mergeLatencies(all.map((record) => record.latency));
  return {
    phase,
    due,
    outcomes: counts,
    p50Ms: latencyQuantile(latency, 0.5),
    p99Ms: latencyQuantile(latency, 0.99),
    maxMs: latency.count === 0 ? undefined : latency.maxMs,
  };
}
