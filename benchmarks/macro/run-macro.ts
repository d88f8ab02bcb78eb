import type { Goal } from '../goals.ts';
import { type CaseStage, openStage } from './case-stage.ts';
import { footprintGoals, formatFootprint } from './footprint-report.ts';
import { formatLatency, latencyGoals } from './latency-report.ts';
import { lineUpOf } from './line-ups.ts';
import type { MacroCase } from './macro-cases.ts';
import { goalsOf } from './macro-goals.ts';
import { formatMacroResult } from './macro-report.ts';
import type { MacroResult } from './macro-result.ts';
import type { MacroSettings } from './macro-settings.ts';
import { formatReload, reloadGoals } from './reload-report.ts';
import { backendGoals, runBackends, WIDE_GATEWAY } from './run-backends.ts';
import { type FootprintResult, runFootprint } from './run-footprint.ts';
import { type LatencyResult, runLatency } from './run-latency.ts';
import { type ReloadResult, runReload } from './run-reload.ts';
import { runRounds } from './run-rounds.ts';
import { runWorkers, WORKER_VARIANTS, workersGoals } from './run-workers.ts';
import { GATEWAY, type Target } from './targets.ts';

export interface MacroRun {
  readonly cores: string;
  readonly skipped: readonly string[];
  /** Cases that come to microseconds for a request. */
  readonly results: readonly MacroResult[];
  readonly latency: readonly LatencyResult[];
  readonly reload: readonly ReloadResult[];
  readonly footprint: readonly FootprintResult[];
  readonly goals: readonly Goal[];
}

interface CaseOutcome {
  readonly text: string;
  readonly goals: readonly Goal[];
}

/**
 * Measures the cases one after the other, all with the same provider and load.
 *
 * @param progress told when a case begins, and how long it took
 * @param report told what a case came to
 */
export async function runMacro(
  cases: readonly MacroCase[],
  settings: MacroSettings,
  progress: (text: string) => void,
  report: (text: string, goals: readonly Goal[]) => void,
): Promise<MacroRun> {
  const skipped: string[] = [];
  const ready = prepareTargets(cases, settings, skipped);
  for (const reason of skipped) progress(`SKIPPED ${reason}`);
  const stage = await openStage(settings);
  const collected = {
    results: [] as MacroResult[],
    latency: [] as LatencyResult[],
    reload: [] as ReloadResult[],
    footprint: [] as FootprintResult[],
  };
  const goals: Goal[] = [];
  try {
    for (const macroCase of cases) {
      progress(`${macroCase.name} ...`);
      const startMs = performance.now();
      const outcome = await runCase(macroCase, ready, stage, collected);
      progress(`${macroCase.name} took ${((performance.now() - startMs) / 1_000).toFixed(0)} s`);
      goals.push(...outcome.goals);
      report(outcome.text, outcome.goals);
    }
  } finally {
    await stage.close();
  }
  return { cores: stage.cores.description, skipped, ...collected, goals };
}

async function runCase(
  macroCase: MacroCase,
  ready: ReadonlySet<Target>,
  stage: CaseStage,
  collected: { results: MacroResult[]; latency: LatencyResult[]; reload: ReloadResult[]; footprint: FootprintResult[] },
): Promise<CaseOutcome> {
  switch (macroCase.kind) {
    case 'rounds': {
      const lineUp = lineUpOf(macroCase.lineUp, stage.settings);
      const targets = lineUp.targets.filter((target) => ready.has(target));
      const result = await runRounds({ ...macroCase, lineUp: { ...lineUp, targets } }, stage);
      collected.results.push(result);
      return { text: formatMacroResult(result), goals: goalsOf(result, macroCase.goals) };
    }
    case 'backends': {
      const result = await runBackends(macroCase, stage);
      collected.results.push(result);
      return { text: formatMacroResult(result), goals: goalsOf(result, backendGoals(macroCase)) };
    }
    case 'workers': {
      const result = await runWorkers(macroCase, stage);
      collected.results.push(result);
      return { text: formatMacroResult(result), goals: goalsOf(result, workersGoals(macroCase)) };
    }
    case 'latency': {
      const result = await runLatency(macroCase, stage);
      collected.latency.push(result);
      return { text: formatLatency(result), goals: latencyGoals(macroCase, result) };
    }
    case 'reload': {
      const result = await runReload(macroCase, stage);
      collected.reload.push(result);
      return { text: formatReload(result), goals: reloadGoals(macroCase, result) };
    }
    case 'footprint': {
      const result = await runFootprint(macroCase, stage);
      collected.footprint.push(result);
      return { text: formatFootprint(macroCase, result), goals: footprintGoals(macroCase, result) };
    }
  }
}

/** Makes all servers of the cases ready to start; gives those that are, and says of the others why not. */
function prepareTargets(cases: readonly MacroCase[], settings: MacroSettings, skipped: string[]): Set<Target> {
  const problem = GATEWAY.prepare() ?? WIDE_GATEWAY.prepare();
  if (problem !== undefined) throw new Error(`the gateway cannot be built: ${problem}`);
  for (const { target } of WORKER_VARIANTS) target.prepare();
  const ready = new Set<Target>([GATEWAY]);
  const lineUps = cases.flatMap((macroCase) => (macroCase.kind === 'rounds' ? [macroCase.lineUp] : []));
  const needed = new Set(lineUps.flatMap((lineUp) => lineUpOf(lineUp, settings).targets));
  for (const target of needed) {
    if (ready.has(target)) continue;
    const isLeftOut = target.warmUp === 'long' && settings.isQuick;
    const reason = isLeftOut ? 'left out of a quick run, as its warm-up takes two minutes' : target.prepare();
    if (reason === undefined) ready.add(target);
    else skipped.push(`${target.name}: ${reason}`);
  }
  return ready;
}
