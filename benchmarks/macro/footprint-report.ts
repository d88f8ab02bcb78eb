import type { Goal } from '../goals.ts';
import { formatSpread, summarize } from '../statistics.ts';
import { textTable } from '../text-table.ts';
import { fullSpeedSecond } from './full-speed.ts';
import type { FootprintCase } from './macro-cases.ts';
import { medianOf } from './macro-sample.ts';
import type { FootprintResult } from './run-footprint.ts';

/** Last seconds of the load after a start, in which the gateway is taken to be warm. */
const WARM_SECONDS = 2;

/** The case as a table: what, the median of its rounds, and all rounds. */
export function formatFootprint(macroCase: FootprintCase, result: FootprintResult): string {
  const rows = figuresOf(macroCase, result).map(({ what, values, format }) => [
    what,
    format(summarize(values).median),
    values.map((value) => format(value)).join(', '),
  ]);
  return [
    `${result.name}  (${result.summary})\n`,
    textTable(['what', 'median', 'rounds'], rows),
    ...result.notes.map((note) => `  ${note}\n`),
  ].join('');
}

export function footprintGoals(macroCase: FootprintCase, result: FootprintResult): Goal[] {
  return figuresOf(macroCase, result).map(({ what, values, format, limit }) => {
    const summary = summarize(values);
    return {
      what: `${result.name}: ${what}`,
      goal: `at most ${format(limit)}`,
      figure: `${format(summary.median)} ${formatSpread(summary)}`,
      met: summary.median <= limit,
    };
  });
}

interface Figure {
  readonly what: string;
  readonly values: readonly number[];
  readonly limit: number;
  readonly format: (value: number) => string;
}

/** Those that were measured. */
function figuresOf({ start, idle, inFlight }: FootprintCase, result: FootprintResult): Figure[] {
  const warm = medianOf(
    result.starts.flatMap(({ seconds }) => seconds.slice(-WARM_SECONDS)),
    'cpuMicros',
  );
  const figures: Figure[] = [
    {
      what: 'start to the first right answer',
      values: result.starts.map(({ readyMs }) => readyMs / 1000),
      limit: start.atMostMs / 1000,
      format: (seconds) => `${seconds.toFixed(2)} s`,
    },
    {
      what: 'load until full speed',
      values: result.starts.map(({ seconds }) => fullSpeedSecond(seconds, warm) ?? seconds.length + 1),
      limit: start.fullSpeedAtMostSeconds,
      format: (seconds) => `${seconds} s`,
    },
    {
      what: `RSS with ${idle.connections} idle connections`,
      values: result.idleBytes,
      limit: idle.atMostBytes,
      format: megabytes,
    },
    {
      what: `RSS with ${inFlight.connections} calls of ${result.inFlightAnswerBytes} bytes in flight`,
      values: result.inFlight.map(({ residentBytes }) => residentBytes),
      limit: inFlight.atMostBytes,
      format: megabytes,
    },
  ];
  return figures.filter(({ values }) => values.length > 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MB`;
}
