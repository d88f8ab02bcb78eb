import { lineUpOf } from './line-ups.ts';
import type { MacroCase } from './macro-cases.ts';
import type { MacroSettings } from './macro-settings.ts';
import { BEST_RATE_ROUNDS } from './measure-load.ts';
import { delaysOf } from './run-backends.ts';
import type { Target } from './targets.ts';

// What things take beside the times that are set, in seconds, on a machine with two slow cores.
const BUILD = 8;
const START = 0.5;
const LONG_START = 12;
/** Pauses of a long warm-up until its compiler is idle, for each second of load. */
const LONG_PAUSE = 0.3;
const ROUND = 0.15;
const OPEN_CONNECTION = 0.0004;
const STOP = 0.2;
/** Before a round at a rate is measured. */
const PACED = 1.2;
/** A change of 5,000 routes, and a while without one. */
const RELOAD = 10;

/** About how many seconds the cases take, without what is installed or fetched the first time. */
export function macroSeconds(cases: readonly MacroCase[], settings: MacroSettings): number {
  const warm = new Set<Target>();
  return cases.reduce((sum, macroCase) => sum + caseSeconds(macroCase, settings, warm), cases.length > 0 ? BUILD : 0);
}

function caseSeconds(macroCase: MacroCase, settings: MacroSettings, warm: Set<Target>): number {
  const { rounds, secondsPerRound, secondsPerCopyRound, warmUpSeconds } = settings;
  const started = START + warmUpSeconds.short + STOP;
  switch (macroCase.kind) {
    case 'rounds': {
      const { slowBackend, slowAnswers } = macroCase;
      const lineUp = lineUpOf(macroCase.lineUp, settings);
      const { copies } = lineUp;
      const targets = lineUp.targets.filter(({ warmUp }) => warmUp === 'short' || !settings.isQuick);
      const set = copies === 1 ? secondsPerRound : secondsPerCopyRound;
      const round = Math.max(set, slowAnswers?.leastSeconds ?? 0, slowBackend?.leastSeconds ?? 0) + ROUND;
      const held =
        slowBackend === undefined ? 0 : slowBackend.connections * OPEN_CONNECTION + slowBackend.delayMs / 500;
      const preparing = targets.map((target) => (target.warmUp === 'short' ? copies * started : longWarmUp(target)));
      return preparing.reduce((sum, seconds) => sum + seconds, 0) + rounds * targets.length * copies * (round + held);
    }
    case 'backends': {
      const delaysMs = delaysOf(macroCase, settings);
      const settle = delaysMs.reduce((sum, delayMs) => sum + 1 + (2 * delayMs) / 1000, 0);
      return started + BEST_RATE_ROUNDS * secondsPerRound + rounds * (settle + delaysMs.length * secondsPerRound);
    }
    case 'workers':
      return 3 * started + 2 * rounds * (PACED + secondsPerRound) + BEST_RATE_ROUNDS * secondsPerRound;
    case 'latency':
      return 2 * started + BEST_RATE_ROUNDS * secondsPerRound + 2 * rounds * (1 + secondsPerRound);
    case 'reload':
      return started + settings.reloadRounds * RELOAD;
    case 'footprint': {
      const connections = macroCase.idle.connections + macroCase.inFlight.connections;
      const holding = (2 * settings.holdMs + 4 * macroCase.inFlight.delayMs) / 1000;
      const round = 3 * (START + STOP) + settings.startLoadSeconds + connections * OPEN_CONNECTION + holding;
      return settings.footprintRounds * round;
    }
  }

  function longWarmUp(target: Target): number {
    if (warm.has(target)) return warmUpSeconds.again * (1 + LONG_PAUSE);
    warm.add(target);
    return LONG_START + warmUpSeconds.long * (1 + LONG_PAUSE);
  }
}
