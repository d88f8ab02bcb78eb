import { latencyQuantile, mergeLatencies } from './latency-record.ts';
import { INTERVAL_MS, OK, type Outcome, type StreamRecording } from './load-recording.ts';

/** What several streams went through between two times, all together. */
export interface Totals {
  /** Requests that were due. */
  readonly due: number;
  /** Of those, by outcome; the sum is `due`. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Good answers a second that came between the two times, whenever they were due. */
  readonly okPerSecond: number;
  /** Refusals that were due between the two times, and how many of them had Retry-After. */
  readonly refused: number;
  readonly refusedWithRetryAfter: number;
  /** Of good answers; undefined where there was none. */
  readonly okP50Ms: number | undefined;
  readonly okP99Ms: number | undefined;
  readonly okMaxMs: number | undefined;
  /** Of refusals. */
  readonly refusedP50Ms: number | undefined;
  readonly refusedP99Ms: number | undefined;
}

/** Intervals count that begin within the times, in ms since 1970. */
export function totalsBetween(streams: readonly StreamRecording[], fromMs: number, toMs: number): Totals {
  const intervals = streams.flatMap((stream) =>
    stream.intervals.filter((interval) => interval.fromMs >= fromMs && interval.fromMs + INTERVAL_MS <= toMs),
  );
  const records = intervals.flatMap(({ outcomes }) => outcomes);
  const counts: Record<Outcome, number> = {};
  for (const { outcome, latency } of records) counts[outcome] = (counts[outcome] ?? 0) + latency.count;
  const ok = mergeLatencies(records.filter(({ outcome }) => outcome === OK).map(({ latency }) => latency));
  const refusals = records.filter(({ outcome }) => outcome.startsWith('503 '));
  const refused = mergeLatencies(refusals.map(({ latency }) => latency));
  const okAnswers = intervals.reduce((sum, interval) => sum + interval.okAnswers, 0);
  const lengthMs = (intervals.length / streams.length) * INTERVAL_MS;
  return {
    due: intervals.reduce((sum, { due }) => sum + due, 0),
    outcomes: counts,
    okPerSecond: lengthMs === 0 ? 0 : (okAnswers * 1_000) / lengthMs,
    refused: refused.count,
    refusedWithRetryAfter: refusals.reduce((sum, { withRetryAfter }) => sum + withRetryAfter, 0),
    okP50Ms: latencyQuantile(ok, 0.5),
    okP99Ms: latencyQuantile(ok, 0.99),
    okMaxMs: latencyQuantile(ok, 1),
    refusedP50Ms: latencyQuantile(refused, 0.5),
    refusedP99Ms: latencyQuantile(refused, 0.99),
  };
}
