import { type BenchRequest, isChosen } from '../command-line.ts';
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
  const meant = cases.filter(({ name }) => isChosen(name, names));
  const isLong = ({ notInQuick }: MacroCase): boolean => quick && names.length === 0 && notInQuick !== undefined;
  return {
    chosen: meant.filter((macroCase) => !isLong(macroCase)),
    leftOut: meant.filter(isLong).map(({ name, notInQuick }) => `${name}: ${notInQuick}; by its name it is measured`),
  };
}
