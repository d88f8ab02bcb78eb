import { formatComparison, formatSpread, type Summary } from '../statistics.ts';
import { textTable } from '../text-table.ts';
import type { MicroResult } from './micro-case.ts';

const HEAD = ['case', 'ours us', 'baseline us', 'baseline takes', 'baseline'];

export function formatMicroResults(results: readonly MicroResult[]): string {
  const rows = results.map(({ name, ours, baseline, baselineToOurs, baselineName }) => [
    name,
    microseconds(ours),
    baseline === undefined ? '-' : microseconds(baseline),
    baselineToOurs === undefined ? '-' : formatComparison(baselineToOurs),
    baselineName ?? 'nothing to compare with',
  ]);
  const summaries = results.map(({ name, summary }) => `  ${name}: ${summary}\n`);
  return textTable(HEAD, rows) + summaries.join('');
}

function microseconds(nanoseconds: Summary): string {
  return `${(nanoseconds.median / 1000).toFixed(2)} ${formatSpread(nanoseconds)}`;
}
