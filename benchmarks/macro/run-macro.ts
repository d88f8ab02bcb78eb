import { acceptsConnections } from './accepts-connections.ts';
import { planCores } from './cpu-cores.ts';
import { freePorts } from './free-ports.ts';
import { Load } from './load.ts';
import type { MacroCase } from './macro-cases.ts';
import { type CaseStage, type MacroResult, type MacroSettings, runCase } from './run-case.ts';
import { ROOT, startProvider } from './running-target.ts';
import { GATEWAY, PEER_TARGETS, partTargets, type Target } from './targets.ts';

export interface MacroRun {
  readonly cores: string;
  readonly skipped: readonly string[];
  readonly results: readonly MacroResult[];
}

const PROVIDER_WAIT_MS = 20_000;

/** Measures the cases one after the other, all with the same provider and load. */
export async function runMacro(
  cases: readonly MacroCase[],
  settings: MacroSettings,
  progress: (text: string) => void,
): Promise<MacroRun> {
  const skipped: string[] = [];
  const problem = GATEWAY.prepare();
  if (problem !== undefined) throw new Error(`the gateway cannot be built: ${problem}`);
  const prepare = (targets: readonly Target[]): Target[] =>
    targets.filter((target) => {
      const reason = target.prepare();
      if (reason !== undefined) skipped.push(`${target.name}: ${reason}`);
      return reason === undefined;
    });
  const isNeeded = (kind: MacroCase['against']): boolean => cases.some(({ against }) => against === kind);
  const baselines = {
    peers: isNeeded('peers') ? prepare(PEER_TARGETS) : [],
    parts: isNeeded('parts') ? prepare(partTargets()) : [],
  };
  const stage = await openStage(settings);
  const results: MacroResult[] = [];
  try {
    for (const macroCase of cases) {
      progress(`${macroCase.name} ...`);
      results.push(await runCase(macroCase, baselines[macroCase.against], stage));
    }
  } finally {
    const kept = [...stage.kept.values()].map(({ server }) => server);
    await Promise.all([stage.load, stage.provider, ...kept].map((process) => process.stop()));
  }
  return { cores: stage.cores.description, skipped, results };
}

async function openStage(settings: MacroSettings): Promise<CaseStage> {
  const cores = planCores();
  const [providerPort] = (await freePorts(1)) as [number];
  const provider = startProvider(providerPort, cores.others);
  // What was started is stopped by the end of the benchmark when this throws.
  await provider.untilReady(() => acceptsConnections(providerPort), PROVIDER_WAIT_MS);
  return { cores, load: new Load(cores.others, ROOT), settings, provider, providerPort, kept: new Map() };
}
