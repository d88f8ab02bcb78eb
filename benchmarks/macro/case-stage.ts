import { once } from 'node:events';
import type { FaultRule } from '../../mock-providers/faults.ts';
import { LoadClient } from '../load/load-client.ts';
import { acceptsConnections } from './accepts-connections.ts';
import { type CorePlan, planCores } from './cpu-cores.ts';
import { freePorts } from './free-ports.ts';
import { Load } from './load.ts';
import type { MacroSettings } from './macro-settings.ts';
import { ROOT, type RunningTarget, startProvider } from './running-target.ts';
import type { ServerProcess } from './server-process.ts';
import type { Target } from './targets.ts';

const PROVIDER_WAIT_MS = 20_000;
const FAULTS_WAIT_MS = 5_000;

/** What the cases of a run have in common. */
export interface CaseStage {
  readonly cores: CorePlan;
  readonly settings: MacroSettings;
  /** As many requests as are answered, over connections that are new each time. */
  readonly load: Load;
  /** Requests at a rate, or over connections that are held. */
  readonly client: LoadClient;
  readonly provider: ServerProcess;
  readonly providerPort: number;
  /** Lets the provider answer so much later from now on. */
  setBackendDelay(delayMs: number): Promise<void>;
  /** Servers with a long warm-up, which run on from case to case. */
  readonly kept: Map<Target, RunningTarget>;
  /** Ends everything that runs on it. */
  close(): Promise<void>;
}

/** Starts the provider and the loads. */
export async function openStage(settings: MacroSettings): Promise<CaseStage> {
  const cores = planCores();
  const [providerPort] = (await freePorts(1)) as [number];
  const provider = startProvider(providerPort, cores.others, true);
  // What was started is stopped by the end of the benchmark when this throws.
  await provider.untilReady(() => acceptsConnections(providerPort), PROVIDER_WAIT_MS);
  const load = new Load(cores.others, ROOT);
  const client = new LoadClient(cores.others);
  const kept = new Map<Target, RunningTarget>();
  return {
    cores,
    settings,
    load,
    client,
    provider,
    providerPort,
    kept,
    setBackendDelay: (delayMs) => setFaults(provider, delayMs === 0 ? [] : [{ method: '*', fault: { delayMs } }]),
    close: async () => {
      const servers = [...kept.values()].map(({ server }) => server);
      await Promise.all([load, client, provider, ...servers].map((process) => process.stop()));
    },
  };
}

async function setFaults(provider: ServerProcess, rules: readonly FaultRule[]): Promise<void> {
  provider.checkRunning();
  const done = once(provider.child, 'message', { signal: AbortSignal.timeout(FAULTS_WAIT_MS) });
  provider.child.send(rules);
  await done;
}
