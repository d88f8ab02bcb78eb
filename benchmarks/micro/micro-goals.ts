import type { Goal } from '../goals.ts';
import { formatComparison } from '../statistics.ts';
import type { MicroResult } from './micro-case.ts';

/** How many times as long the baseline has to take. */
const GOALS: ReadonlyMap<string, { readonly what: string; readonly times: number }> = new Map([
  ['micro/response-small-map', { what: 'response codec, one object, map', times: 8 }],
  ['micro/response-list50-map', { what: 'response codec, 50 objects, maps', times: 8 }],
  ['micro/response-small-raw', { what: 'response codec, one object, raw', times: 8 }],
  ['micro/response-list50-raw', { what: 'response codec, 50 objects, raw', times: 8 }],
  ['micro/request-small', { what: 'request codec, one object', times: 5 }],
  ['micro/request-2k', { what: 'request codec, 2 KB', times: 5 }],
]);

/** How many times as long the baseline of a case ought to take at least; undefined where nothing is asked. */
export function microGoalTimes(name: string): number | undefined {
  return GOALS.get(name)?.times;
}

/** The goals of the cases that were measured. */
export function microGoals(results: readonly MicroResult[]): Goal[] {
  return results.flatMap(({ name, baselineName, baselineToOurs }) => {
    const goal = GOALS.get(name);
    if (goal === undefined || baselineToOurs === undefined) return [];
    return {
      what: goal.what,
      goal: `${baselineName} takes at least ${goal.times}x`,
      figure: formatComparison(baselineToOurs),
      met: baselineToOurs.median >= goal.times,
    };
  });
}
