import { type BenchRequest, isPartOf } from '../command-line.ts';
import type { MacroCase } from './macro-cases.ts';

export interface ChosenCases {
  readonly chosen: readonly MacroCase[];
  /** Cases that were not named and take too long for a quick run, with the reason. */
  readonly leftOut: readonly string[];
}

/** What of the cases is measured: those that are named, else all, and of these in a quick run the short ones. */
export function chooseCases(
  cases: readonly MacroCase[],
  { names, quick }: Pick<BenchRequest, 'names' | 'quick'>,
): ChosenCases {
  if (names.length > 0) {
    return { chosen: cases.filter(({ name }) => names.some((part) => isPartOf(part, name))), leftOut: [] };
  }
  const isLong = (macroCase: MacroCase): boolean => quick && macroCase.notInQuick !== undefined;
  return {
    chosen: cases.filter((macroCase) => !isLong(macroCase)),
    leftOut: cases.filter(isLong).map(({ name, notInQuick }) => `${name}: ${notInQuick}; by its name it is measured`),
  };
}
