import type { MacroResult } from '../macro/macro-result.ts';
import type { MicroResult } from '../micro/micro-case.ts';
import { microGoalTimes } from '../micro/micro-goals.ts';
import { formatSpread, type Summary, summarize } from '../statistics.ts';
import type { Bar, BarChart, BarSection } from './bar-chart.ts';

/** End of the scale of ratios: beyond the highest goal, and short enough to see the low ones. */
const MAX_RATIO = 12;

/** What a run measured, as a chart; undefined where there is nothing to draw. */
export function benchChart(
  machine: string,
  macro: readonly MacroResult[],
  micro: readonly MicroResult[],
): BarChart | undefined {
  const sections = [...serverSection(macro), ...ratioSection(micro), ...costSection(micro)];
  return sections.length === 0 ? undefined : { title: `Benchmark on ${machine}`, sections };
}

function serverSection(results: readonly MacroResult[]): BarSection[] {
  if (results.length === 0) return [];
  const colours = new Map<string, number>();
  const colourOf = (target: string): number => {
    if (!colours.has(target)) colours.set(target, colours.size);
    return colours.get(target)!;
  };
  return [
    {
      title: 'CPU time of a request, microseconds',
      note: 'User and system time of the server, the median of the rounds with its spread. Each case has its own scale.',
      groups: results.map(({ name, summary, targets }) => ({
        title: `${name}: ${summary}`,
        bars: targets.map(({ target, samples }): Bar => {
          const cpu = summarize(samples.map(({ cpuMicros }) => cpuMicros));
          return bar(target, cpu, microsText(cpu), colourOf(target));
        }),
      })),
    },
  ];
}

function ratioSection(results: readonly MicroResult[]): BarSection[] {
  const bars = results.flatMap(({ name, baselineToOurs }): Bar[] => {
    if (baselineToOurs === undefined) return [];
    const goal = microGoalTimes(name);
    const figure = `${ratioText(baselineToOurs.median)}x ${formatSpread(baselineToOurs)}`;
    return [{ ...bar(name, baselineToOurs, figure, 0), ...(goal !== undefined && { goal }) }];
  });
  if (bars.length === 0) return [];
  return [
    {
      title: 'How many times as long the baseline takes',
      note: `Longer is better; below 1x the baseline is faster. A red line is a goal. The scale ends at ${MAX_RATIO}x.`,
      groups: [{ title: '', bars, max: MAX_RATIO }],
    },
  ];
}

function costSection(results: readonly MicroResult[]): BarSection[] {
  const alone = results.filter(({ baseline }) => baseline === undefined);
  if (alone.length === 0) return [];
  const bars = alone.map(({ name, ours }) => {
    const micros = { median: ours.median / 1000, spread: ours.spread };
    return bar(name, micros, microsText(micros), 0);
  });
  const note = 'Parts that have nothing to be compared with.';
  return [{ title: 'CPU time of a call, microseconds', note, groups: [{ title: '', bars }] }];
}

function bar(label: string, { median, spread }: Summary, text: string, colour: number): Bar {
  return { label, value: median, spread, text, colour };
}

function microsText(summary: Summary): string {
  const { median } = summary;
  return `${median.toLocaleString('en-US', { maximumFractionDigits: median < 10 ? 2 : 0 })} us ${formatSpread(summary)}`;
}

function ratioText(ratio: number): string {
  return ratio.toLocaleString('en-US', { maximumFractionDigits: ratio < 100 ? 1 : 0 });
}
