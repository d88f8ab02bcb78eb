import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { FaultRule } from '../../../mock-providers/faults.ts';
import { LoadClient } from '../../load/load-client.ts';
import { OK } from '../../load/load-recording.ts';
import { planCores } from '../../macro/cpu-cores.ts';
import { freePorts } from '../../macro/free-ports.ts';
import { readUsage } from '../../macro/process-usage.ts';
import { ROOT, startProvider } from '../../macro/running-target.ts';
import { ServerProcess } from '../../macro/server-process.ts';
import { gatewayArguments } from '../../macro/targets.ts';
import { AdminClient } from './admin-client.ts';
import { faultsOfDelays } from './delay-faults.ts';
import { METHODS, type StorySections, scenarioConfig } from './scenario-config.ts';
import type { Stage } from './stage.ts';

const READY_WAIT_MS = 20_000;
/** Requests a second of each method before a story, and for how long: code that was never run is many times slower. */
const WARM_UP_PER_SECOND = 100;
const WARM_UP_MS = 3_000;

/**
 * A stage of three processes: the built gateway on a core of its own, as far as that can be arranged, provider and load on
 * the others.
 */
export async function openProcessStage(sections: StorySections): Promise<Stage> {
  const cores = planCores();
  const [providerPort, http, admin] = (await freePorts(3)) as [number, number, number];
  const folder = mkdtempSync(join(tmpdir(), 'sluice-scenario-'));
  const configPath = join(folder, 'gateway.yaml');
  writeFileSync(configPath, stringify(scenarioConfig(sections, `dubbo://127.0.0.1:${providerPort}`, { http, admin })));
  const provider = startProvider(providerPort, cores.others, true);
  const load = new LoadClient(cores.others);
  const gateway = new ServerProcess({
    name: 'the gateway',
    pin: cores.server,
    nodeArguments: gatewayArguments(configPath),
    folder: ROOT,
    environment: {},
  });
  const adminClient = new AdminClient(admin);
  const setFaults = async (rules: readonly FaultRule[]): Promise<void> => {
    provider.checkRunning();
    const done = once(provider.child, 'message', { signal: AbortSignal.timeout(READY_WAIT_MS) });
    provider.child.send(rules);
    await done;
  };
  const stop = async (): Promise<void> => {
    provider.child.kill('SIGCONT');
    await Promise.all([load.stop(), gateway.stop(), provider.stop()]);
    rmSync(folder, { recursive: true });
  };
  try {
    await gateway.untilReady(() => adminClient.isReady(), READY_WAIT_MS);
    await setFaults([]);
    await warmUp(load, http);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    setDelays: (delaysMs) => setFaults(faultsOfDelays(delaysMs)),
    freezeProvider: () => void provider.child.kill('SIGSTOP'),
    thawProvider: () => void provider.child.kill('SIGCONT'),
    startLoad: (plan) => load.start({ ...plan, port: http }),
    status: () => {
      gateway.checkRunning();
      return adminClient.status();
    },
    order: (method, order) => adminClient.order(METHODS[method].key, order),
    gatewayUsage: () => readUsage(gateway.pid),
    stop,
  };
}

/** Throws when anything but good answers came: then there is nothing to tell a story about. */
async function warmUp(load: LoadClient, port: number): Promise<void> {
  const streams = Object.entries(METHODS).map(([name, { path }]) => ({ name, path, perSecond: WARM_UP_PER_SECOND }));
  const running = load.start({ port, streams });
  await delay(WARM_UP_MS);
  const recording = await running.stop();
  for (const { name, intervals } of recording.streams) {
    const others = intervals.flatMap(({ outcomes }) => outcomes.filter(({ outcome }) => outcome !== OK));
    if (others.length > 0) throw new Error(`${name} was answered with ${others[0]!.outcome} before the story began`);
  }
}
