import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ProviderProcess } from '../support/provider-process.ts';
import type { ChurnedRegistry } from './churned-registry.ts';
import { NacosChurn } from './nacos-churn.ts';
import { runSoak } from './run-soak.ts';
import { SoakGateway } from './soak-gateway.ts';
import { SoakLoad } from './soak-load.ts';
import { ZookeeperChurn } from './zookeeper-churn.ts';

const HELP = `Loads a gateway with all that can happen to it, and looks for what it does not give back.

Usage: npm run soak -- [options]

  --minutes N   how long (default 10; 2 at least)
  --methods N   methods of the configuration, a route each (default 3000; 100 at least)
  --seed N      what happens is drawn from this (default 1)

Every ten seconds the load rests for a moment: then nothing may be in use, garbage is collected, and a row is printed.
Ends with code 1 if anything was not given back, grew, or went unanswered. test/soak/README.md explains the columns.
`;

const PROVIDERS = 3;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROVIDER_MAIN = fileURLToPath(new URL('soak-provider.ts', import.meta.url));

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    methods: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
const [minutes, methods, seed] = [Number(values.minutes), Number(values.methods), Number(values.seed)];
if (values.help || !(minutes >= 2) || !(methods >= 100) || !Number.isInteger(seed)) {
  process.stdout.write(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  // Whatever a run that went wrong has left behind ends with this process.
  process.exit(await soak());
}

async function soak(): Promise<number> {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  const command = [PROVIDER_MAIN, '--methods', String(methods)];
  const providers = await Promise.all(Array.from({ length: PROVIDERS }, () => ProviderProcess.start(command)));
  const registries = await startRegistries();
  try {
    const plan = { providers: providers.map(({ address }) => address), methods, registries };
    const gateway = await SoakGateway.start(plan);
    try {
      const load = new SoakLoad(gateway, providers, plan, randomOf(seed));
      await load.registerAll();
      return await runSoak(gateway, load, minutes, (text) => void process.stdout.write(text));
    } finally {
      await gateway.stop();
    }
  } finally {
    await Promise.all([...registries.map((one) => one.stop()), ...providers.map((provider) => provider.kill())]);
  }
}

/** A real ZooKeeper is left out, with a notice, where it is not installed; where `CI` is `true` that is a failure. */
async function startRegistries(): Promise<ChurnedRegistry[]> {
  const nacos = await NacosChurn.start();
  try {
    return [nacos, await ZookeeperChurn.start()];
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    process.stderr.write(`soak: !!! ZooKeeper is SKIPPED: ${error instanceof Error ? error.message : error} !!!\n`);
    return [nacos];
  }
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function randomOf(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
