import type { Goal } from '../goals.ts';
import { formatComparison } from '../statistics.ts';
import { textTable } from '../text-table.ts';
import { type HostileResult, isSlower, MAX_AFTER } from './hostile-case.ts';

const HEAD: readonly string[] = [
  'case',
  'outcome',
  'answers',
  'KB each',
  'CPU ms each',
  'a byte, to normal',
  'peak MB',
  'left MB',
  'normal route after',
  'and then',
];

export function formatHostileResults(results: readonly HostileResult[]): string {
  const rows = results.map((result) => [
    result.name,
    result.outcome,
    String(result.answers),
    (result.bytes / result.answers / 1000).toFixed(1),
    (result.cpuMs / result.answers).toFixed(2),
    result.costToNormal === undefined ? '-' : `${result.costToNormal.toFixed(1)}x`,
    megabytes(result.peakBytes),
    megabytes(result.leftBytes),
    formatComparison(result.normalAfter),
    isSlower(result.normalAfter)
      ? `${formatComparison(result.normalLater)}, ${(result.recoveryMs / 1000).toFixed(1)} s later`
      : '',
  ]);
  return textTable(HEAD, rows) + results.map(({ name, summary }) => `  ${name}: ${summary}\n`).join('');
}

export function hostileGoals(results: readonly HostileResult[]): Goal[] {
  return results.map(({ name, normalLater }) => ({
    what: `a normal route after ${name}`,
    goal: `at most ${MAX_AFTER}x of before`,
    figure: formatComparison(normalLater),
    met: !isSlower(normalLater),
  }));
}

function megabytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
