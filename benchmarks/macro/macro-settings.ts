import type { Target } from './targets.ts';

/** How long and how often the cases of the whole gateway are measured. */
export interface MacroSettings {
  readonly rounds: number;
  readonly secondsPerRound: number;
  /** Where each server has two processes, so that there are twice as many rounds. */
  readonly secondsPerCopyRound: number;
  /** Seconds of full load before the first round. `again` is for a server that was warmed up long in an earlier case. */
  readonly warmUpSeconds: Readonly<Record<Target['warmUp'] | 'again', number>>;
  readonly connections: number;
  /** Whether servers with a long warm-up are left out, and variants between the first and the last. */
  readonly isQuick: boolean;
  readonly reloadRounds: number;
  /** Of `gateway/footprint`, each with three processes. */
  readonly footprintRounds: number;
  /** Seconds of load after each start of `gateway/footprint`. */
  readonly startLoadSeconds: number;
  /** Time in ms that connections are held until, or while, memory is measured. */
  readonly holdMs: number;
}

export const MACRO_FULL: MacroSettings = {
  rounds: 5,
  secondsPerRound: 0.8,
  secondsPerCopyRound: 0.6,
  warmUpSeconds: { short: 3, long: 60, again: 3 },
  connections: 64,
  isQuick: false,
  reloadRounds: 5,
  footprintRounds: 5,
  startLoadSeconds: 5,
  holdMs: 1_000,
};

export const MACRO_QUICK: MacroSettings = {
  rounds: 2,
  secondsPerRound: 0.3,
  secondsPerCopyRound: 0.3,
  warmUpSeconds: { short: 2, long: 0, again: 0 },
  connections: 64,
  isQuick: true,
  reloadRounds: 1,
  footprintRounds: 1,
  startLoadSeconds: 2,
  holdMs: 300,
};
