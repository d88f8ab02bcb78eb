import type { Goal } from '../goals.ts';
import { summarize } from '../statistics.ts';
import { textTable } from '../text-table.ts';
import type { LatencyCase } from './macro-cases.ts';
import { type MacroSample, medianOf } from './macro-sample.ts';
import type { LatencyResult } from './run-latency.ts';

type Percentile = 'p50Ms' | 'p99Ms';

/** The case as a table. */
export function formatLatency(result: LatencyResult): string {
  const { name, summary, bestPerSecond, perSecond, gateway, bareKoa } = result;
  const row = (server: string, samples: readonly MacroSample[]): string[] => [
    server,
    medianOf(samples, 'p50Ms').toFixed(2),
    medianOf(samples, 'p99Ms').toFixed(2),
    medianOf(samples, 'requestsPerSecond').toFixed(0),
    `${(medianOf(samples, 'serverBusy') * 100).toFixed(0)} %`,
  ];
  const rows = [
    row('gateway', gateway),
    row('bare-koa', bareKoa),
    ['added', addedText(result, 'p50Ms'), addedText(result, 'p99Ms'), '', ''],
  ];
  return [
    `${name}  (${summary})\n`,
    textTable(['server', 'p50 ms', 'p99 ms', 'req/s', 'busy'], rows),
    `  ${perSecond} requests a second, half of the ${bestPerSecond.toFixed(0)} that the gateway answers at full load\n`,
  ].join('');
}

/** What is added, round by round, beside what may be. */
export function latencyGoals({ atMostMs }: LatencyCase, result: LatencyResult): Goal[] {
  const goal = (what: string, percentile: Percentile, limitMs: number): Goal => ({
    what: `${result.name}: ${what} added`,
    goal: `at most ${limitMs} ms`,
    figure: `${addedText(result, percentile)} ms`,
    met: summarize(added(result, percentile)).median <= limitMs,
  });
  return [goal('median', 'p50Ms', atMostMs.p50), goal('99th percentile', 'p99Ms', atMostMs.p99)];
}

function addedText(result: LatencyResult, percentile: Percentile): string {
  const { median, spread } = summarize(added(result, percentile));
  return `${median.toFixed(2)} ±${Math.abs(median * spread).toFixed(2)}`;
}

function added({ gateway, bareKoa }: LatencyResult, percentile: Percentile): number[] {
  return gateway.map((sample, round) => sample[percentile] - bareKoa[round]![percentile]);
}
