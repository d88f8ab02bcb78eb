import type { Goal } from '../goals.ts';
import { formatSpread, summarize } from '../statistics.ts';
import { textTable } from '../text-table.ts';
import type { ReloadCase } from './macro-cases.ts';
import type { ReloadResult, ReloadRound } from './run-reload.ts';

const FIGURES: readonly (readonly [what: string, figure: keyof ReloadRound])[] = [
  ['longest stall during the change', 'stallMs'],
  ['longest stall in 2 s after it', 'undisturbedStallMs'],
  ['longest request during the change', 'longestRequestMs'],
  ['change to its being in force', 'inForceMs'],
];

/** The case as a table: what, the median of its rounds, and all rounds, in ms. */
export function formatReload({ name, summary, rounds }: ReloadResult): string {
  const rows = FIGURES.map(([what, figure]) => {
    const values = rounds.map((round) => round[figure]);
    return [what, summarize(values).median.toFixed(0), values.map((value) => value.toFixed(0)).join(', ')];
  });
  return `${name}  (${summary})\n${textTable(['what', 'median ms', 'rounds'], rows)}`;
}

export function reloadGoals({ atMostMs }: ReloadCase, { name, rounds }: ReloadResult): Goal[] {
  const stall = summarize(rounds.map(({ stallMs }) => stallMs));
  return [
    {
      what: `${name}: longest stall during the change`,
      goal: `at most ${atMostMs} ms`,
      figure: `${stall.median.toFixed(0)} ms ${formatSpread(stall)}`,
      met: stall.median <= atMostMs,
    },
  ];
}
