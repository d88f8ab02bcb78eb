import type { MacroCase } from './macro-cases.ts';
import type { MacroSettings } from './macro-settings.ts';
import type { Target } from './targets.ts';

// What things take beside the times that are set, in seconds, on a machine with two slow cores.
const BUILD = 8;
const START = 0.8;
const LONG_START = 12;
/** Pauses of a long warm-up until its compiler is idle, for each second of load. */
const LONG_PAUSE = 0.3;
const ROUND = 0.15;
const OPEN_CONNECTION = 0.0006;
const STOP = 0.3;

/** About how many seconds the cases take, without what is installed or fetched the first time. */
export function macroSeconds(cases: readonly MacroCase[], settings: MacroSettings): number {
  const warm = new Set<Target>();
  return cases.reduce((sum, macroCase) => sum + caseSeconds(macroCase, settings, warm), cases.length > 0 ? BUILD : 0);
}

function caseSeconds(macroCase: MacroCase, settings: MacroSettings, warm: Set<Target>): number {
  const { rounds, secondsPerRound, secondsPerCopyRound, warmUpSeconds, startLoadSeconds, holdMs } = settings;
  const started = START + warmUpSeconds.short + STOP;
  switch (macroCase.kind) {
    case 'rounds': {
      const { lineUp, slowBackend } = macroCase;
      const { copies } = lineUp;
      const targets = lineUp.targets.filter(({ warmUp }) => warmUp === 'short' || !settings.leavesOutLong);
      const round = (copies === 1 ? secondsPerRound : secondsPerCopyRound) + ROUND;
      const held =
        slowBackend === undefined ? 0 : slowBackend.connections * OPEN_CONNECTION + slowBackend.delayMs / 500;
      const preparing = targets.map((target) => (target.warmUp === 'short' ? copies * started : longWarmUp(target)));
      return preparing.reduce((sum, seconds) => sum + seconds, 0) + rounds * targets.length * copies * (round + held);
    }
    case 'backends': {
      const settle = macroCase.delaysMs.reduce((sum, delayMs) => sum + 1 + (2 * delayMs) / 1000, 0);
      return started + rounds * (settle + macroCase.delaysMs.length * secondsPerRound);
    }
    case 'latency':
      return 2 * started + secondsPerRound + 2 * rounds * (1 + secondsPerRound);
    case 'footprint': {
      const connections = macroCase.idle.connections + macroCase.inFlight.connections;
      const holding = (2 * holdMs + 3 * macroCase.inFlight.delayMs) / 1000;
      return rounds * (3 * (START + STOP) + startLoadSeconds + connections * OPEN_CONNECTION + holding);
    }
  }

  function longWarmUp(target: Target): number {
    if (warm.has(target)) return warmUpSeconds.again * (1 + LONG_PAUSE);
    warm.add(target);
    return LONG_START + warmUpSeconds.long * (1 + LONG_PAUSE);
  }
}
