import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildCommand } from '../../build.ts';
import { RESULTS_FOLDER } from '../results-file.ts';
import { planCores } from './cpu-cores.ts';
import { freePorts } from './free-ports.ts';
import { Load } from './load.ts';
import type { MacroCase } from './macro-cases.ts';
import { type ProfileCost, ProfileFolder } from './profile-folder.ts';
import { ROOT, startProvider, startTarget } from './running-target.ts';
import { GATEWAY, GATEWAY_YAML, gatewayArguments } from './targets.ts';

const WARM_UP_SECONDS = 2;
const PROFILED_SECONDS = 8;
const CONNECTIONS = 64;
const COSTS_SHOWN = 25;
/** Built apart, with the maps that say of which sources it is made. */
const PROFILED = 'dist/profiled';

/** Runs the gateway alone under load and under node's profiler; says for each case which functions took most time. */
export async function profileCases(cases: readonly MacroCase[], report: (text: string) => void): Promise<void> {
  const folder = join(ROOT, PROFILED);
  await buildCommand(folder, true);
  try {
    for (const macroCase of cases) report(await profileCase(macroCase));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function profileCase(macroCase: MacroCase): Promise<string> {
  const cores = planCores();
  const folder = new ProfileFolder();
  const [providerPort, adminPort, httpPort] = (await freePorts(3)) as [number, number, number];
  const provider = startProvider(providerPort, cores.others);
  const load = new Load(cores.others, ROOT);
  try {
    const { server, origin, expectedBody } = await startTarget(
      {
        ...GATEWAY,
        nodeArguments: [...folder.nodeArguments, ...gatewayArguments(GATEWAY_YAML, `${PROFILED}/main.js`)],
      },
      { port: httpPort, pin: cores.server, request: macroCase.request, provider: providerPort, adminPort },
    );
    const { method, path, body } = macroCase.request;
    const job = { url: origin + path, method, body, connections: CONNECTIONS, expectedBody };
    await load.run({ ...job, seconds: WARM_UP_SECONDS });
    const fromMicros = Number(process.hrtime.bigint() / 1000n);
    await load.run({ ...job, seconds: PROFILED_SECONDS });
    await server.stop();
    const copyPath = join(RESULTS_FOLDER, `${macroCase.name.replace('/', '-')}.cpuprofile`);
    const { functions, areas } = folder.read(copyPath, fromMicros);
    return `${macroCase.name}: self time by function
${formatCosts(functions)}${macroCase.name}: self time by area
${formatCosts(areas)}  the whole profile: ${relative(process.cwd(), copyPath)}
`;
  } finally {
    await Promise.all([load.stop(), provider.stop()]);
    folder.remove();
  }
}

function formatCosts(costs: readonly ProfileCost[]): string {
  return costs
    .slice(0, COSTS_SHOWN)
    .map(({ place, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${place}\n`)
    .join('');
}
