import { planCores } from './cpu-cores.ts';
import { freePorts } from './free-ports.ts';
import { Load } from './load.ts';
import type { MacroCase } from './macro-cases.ts';
import { ProfileFolder } from './profile-folder.ts';
import { ROOT, startProvider, startTarget } from './running-target.ts';
import { GATEWAY } from './targets.ts';

const WARM_UP_SECONDS = 2;
const PROFILED_SECONDS = 8;
const CONNECTIONS = 64;
const PLACES_SHOWN = 25;

/** Runs the gateway alone under load and under node's profiler; says which functions took the most time. */
export async function profileCase(macroCase: MacroCase): Promise<string> {
  const problem = GATEWAY.prepare();
  if (problem !== undefined) throw new Error(`the gateway cannot be built: ${problem}`);
  const cores = planCores();
  const folder = new ProfileFolder();
  const [providerPort, adminPort, httpPort] = (await freePorts(3)) as [number, number, number];
  const provider = startProvider(providerPort, cores.others);
  const load = new Load(cores.others, ROOT);
  try {
    const { server, origin, expectedBody } = await startTarget(
      { ...GATEWAY, nodeArguments: [...folder.nodeArguments, ...GATEWAY.nodeArguments] },
      { port: httpPort, pin: cores.server, macroCase, provider: providerPort, adminPort },
    );
    const { method, path, body } = macroCase;
    const job = { url: origin + path, method, body, connections: CONNECTIONS, expectedBody };
    await load.run({ ...job, seconds: WARM_UP_SECONDS });
    await load.run({ ...job, seconds: PROFILED_SECONDS });
    await server.stop();
    const lines = folder
      .largest(PLACES_SHOWN)
      .map(({ place, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${place}\n`);
    return `${macroCase.name}: self time of the gateway's functions\n${lines.join('')}`;
  } finally {
    await Promise.all([load.stop(), provider.stop()]);
    folder.remove();
  }
}
