import type { Goal } from '../goals.ts';
import { type Comparison, compare, formatComparison, formatSpread } from '../statistics.ts';
import type { MacroResult, TargetSamples } from './macro-result.ts';
import type { MacroSample } from './macro-sample.ts';

/** What a figure of a case ought to be, beside that of another server. */
export type FigureGoal = CostGoal | RateGoal;

interface CostGoal {
  readonly figure: 'CPU' | 'RSS';
  /** The server that the first is compared with, or that is compared with the first. */
  readonly target: string;
  readonly atMost: number | 'no difference';
}

interface RateGoal {
  /** Requests a second. */
  readonly figure: 'req/s';
  readonly target: string;
  readonly atLeast: number;
}

const FIGURES = {
  CPU: 'cpuMicros',
  RSS: 'residentBytes',
  'req/s': 'requestsPerSecond',
} as const satisfies Record<FigureGoal['figure'], keyof MacroSample>;

/** The goals of a case with its figures; without those of servers that were not measured. */
export function goalsOf(result: MacroResult, goals: readonly FigureGoal[]): Goal[] {
  const first = result.targets[0]!;
  return goals.flatMap((wanted) => {
    const { figure, target } = wanted;
    const other = result.targets.find((one) => one.target === target);
    if (other === undefined) return [];
    const comparison = compareTargets(result, other, FIGURES[figure]);
    const [subject, baseline] = result.ratio === 'first to each' ? [first.target, target] : [target, first.target];
    const what = `${result.name}: ${figure} of ${subject}`;
    if (wanted.figure === 'req/s') {
      const { atLeast } = wanted;
      const goal = `at least ${atLeast}x ${baseline}`;
      return [{ what, goal, figure: ratioText(comparison), met: comparison.median >= atLeast }];
    }
    const { atMost } = wanted;
    if (atMost === 'no difference') {
      const figure = formatComparison(comparison);
      return [{ what, goal: `as ${baseline}`, figure, met: !comparison.differs }];
    }
    const goal = `at most ${Number(atMost.toFixed(2))}x ${baseline}`;
    return [{ what, goal, figure: ratioText(comparison), met: comparison.median <= atMost }];
  });
}

/** What the first server is of another, or the other of the first, as the case has it. */
export function compareTargets(result: MacroResult, other: TargetSamples, figure: keyof MacroSample): Comparison {
  const firsts = result.targets[0]!.samples.map((sample) => sample[figure]);
  const others = other.samples.map((sample) => sample[figure]);
  return result.ratio === 'first to each' ? compare(firsts, others) : compare(others, firsts);
}

function ratioText(comparison: Comparison): string {
  return `${comparison.median.toFixed(2)}x ${formatSpread(comparison)}`;
}
