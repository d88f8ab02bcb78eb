import { summarize } from '../statistics.ts';
import { acceptsConnections } from './accepts-connections.ts';
import { checkAnswer } from './answer.ts';
import { type CorePlan, planCores } from './cpu-cores.ts';
import { freePorts } from './free-ports.ts';
import { Load, type LoadJob, type LoadReport } from './load.ts';
import type { MacroCase } from './macro-cases.ts';
import { readUsage } from './process-usage.ts';
import { ROOT, type RunningTarget, startProvider, startTarget, type TargetSurroundings } from './running-target.ts';
import type { ServerProcess } from './server-process.ts';
import { GATEWAY, PEER_TARGETS, partTargets, type Target } from './targets.ts';

const PROVIDER_WAIT_MS = 20_000;
/** Part of its core above which a server is taken to have it for itself. */
export const BUSY = 0.9;

export interface MacroSettings {
  readonly rounds: number;
  readonly secondsPerRound: number;
  /** Seconds of full load before the first round, by what a target needs. */
  readonly warmUpSeconds: Readonly<Record<Target['warmUp'], number>>;
  readonly connections: number;
}

/**
 * One round of one server. Times are microseconds of CPU per request; infinite where nothing was answered, as in the
 * first second of a cold JVM.
 */
export interface MacroSample {
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly residentBytes: number;
  readonly providerCpuMicros: number;
  readonly loadCpuMicros: number;
  /** How much of its core the server used; and the others of theirs. 1 is all. */
  readonly serverBusy: number;
  readonly othersBusy: number;
}

export interface TargetSamples {
  readonly target: string;
  readonly samples: readonly MacroSample[];
  /** The warm-up, second by second. */
  readonly warmUp: readonly MacroSample[];
  /** Time from the start of the process to its first right answer. */
  readonly readyMs: number;
}

export interface MacroResult {
  readonly name: string;
  readonly summary: string;
  readonly answerBytes: number;
  /** The gateway's first, then its baselines'. */
  readonly targets: readonly TargetSamples[];
}

export interface MacroRun {
  readonly cores: string;
  readonly skipped: readonly string[];
  readonly results: readonly MacroResult[];
}

interface MeasuredTarget extends RunningTarget {
  readonly samples: MacroSample[];
  readonly warmUp: MacroSample[];
}

/**
 * Measures the cases one after the other. Within a case all servers run at the same time, each idle while another has
 * the load; rounds go around among them, each time in another order.
 */
export async function runMacro(
  cases: readonly MacroCase[],
  settings: MacroSettings,
  progress: (text: string) => void,
): Promise<MacroRun> {
  const cores = planCores();
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
  const load = new Load(cores.others, ROOT);
  const results: MacroResult[] = [];
  try {
    for (const macroCase of cases) {
      progress(`${macroCase.name} ...`);
      results.push(await runCase(macroCase, baselines[macroCase.against], { cores, load, settings }));
    }
  } finally {
    await load.stop();
  }
  return { cores: cores.description, skipped, results };
}

interface CaseSurroundings {
  readonly cores: CorePlan;
  readonly load: Load;
  readonly settings: MacroSettings;
}

async function runCase(
  macroCase: MacroCase,
  peers: readonly Target[],
  surroundings: CaseSurroundings,
): Promise<MacroResult> {
  const { cores, settings } = surroundings;
  const [providerPort, ...ports] = (await freePorts(2 * peers.length + 3)) as [number, ...number[]];
  const provider = startProvider(providerPort, cores.others);
  const running: MeasuredTarget[] = [];
  const start = async (target: Target, answer?: string): Promise<MeasuredTarget> => {
    const [port, adminPort] = ports.slice(2 * running.length) as [number, number];
    const place: TargetSurroundings = { port, pin: cores.server, macroCase, provider: providerPort, adminPort };
    const started = await startTarget(target, answer === undefined ? place : { ...place, answer });
    running.push({ ...started, samples: [], warmUp: [] });
    return running.at(-1)!;
  };
  try {
    await provider.untilReady(() => acceptsConnections(providerPort), PROVIDER_WAIT_MS);
    const gateway = await start(GATEWAY);
    for (const peer of peers) {
      const { expectedBody } = await start(peer, gateway.expectedBody);
      checkAnswer(peer.name, expectedBody, gateway.expectedBody, peer.stripAnswer);
    }
    for (const target of running) {
      await warmUp(target, provider, macroCase, surroundings);
    }
    for (let round = 0; round < settings.rounds; round++) {
      for (let turn = 0; turn < running.length; turn++) {
        const target = running[(round + turn) % running.length]!;
        target.samples.push(
          await measure(target, provider, macroCase, { seconds: settings.secondsPerRound }, surroundings),
        );
      }
    }
    return {
      name: macroCase.name,
      summary: macroCase.summary,
      answerBytes: Buffer.byteLength(gateway.expectedBody),
      targets: running.map(({ target, samples, warmUp, readyMs }) => ({
        target: target.name,
        samples,
        warmUp,
        readyMs,
      })),
    };
  } finally {
    await Promise.all([provider, ...running.map(({ server }) => server)].map((server) => server.stop()));
  }
}

/**
 * Load for as long as the target needs. Only the time counts in which it had its core, else other work on the machine
 * would leave it cold; but at most twice as long.
 */
async function warmUp(
  running: MeasuredTarget,
  provider: ServerProcess,
  macroCase: MacroCase,
  surroundings: CaseSurroundings,
): Promise<void> {
  const seconds = surroundings.settings.warmUpSeconds[running.target.warmUp];
  for (let served = 0; served < seconds && running.warmUp.length < 2 * seconds; ) {
    const sample = await measure(running, provider, macroCase, { seconds: 1, mayBeSilent: true }, surroundings);
    running.warmUp.push(sample);
    served += Math.min(1, sample.serverBusy / BUSY);
  }
}

async function measure(
  { server, origin, expectedBody }: RunningTarget,
  provider: ServerProcess,
  { method, path, body }: MacroCase,
  time: Pick<LoadJob, 'seconds' | 'mayBeSilent'>,
  { cores, load, settings }: CaseSurroundings,
): Promise<MacroSample> {
  server.checkRunning();
  provider.checkRunning();
  const before = readUsage(server.pid);
  const providerBefore = readUsage(provider.pid);
  const { connections } = settings;
  const report = await load.run({ url: origin + path, method, body, connections, expectedBody, ...time });
  const after = readUsage(server.pid);
  const providerMicros = readUsage(provider.pid).cpuMicros - providerBefore.cpuMicros;
  return sampleOf(report, after.cpuMicros - before.cpuMicros, providerMicros, after.residentBytes, cores);
}

function sampleOf(
  report: LoadReport,
  serverMicros: number,
  providerMicros: number,
  residentBytes: number,
  cores: CorePlan,
): MacroSample {
  const { requests, elapsedMs, cpuMicros } = report;
  const elapsedMicros = elapsedMs * 1000;
  return {
    cpuMicros: serverMicros / requests,
    requestsPerSecond: (requests / elapsedMs) * 1000,
    p50Ms: report.p50Ms,
    p99Ms: report.p99Ms,
    residentBytes,
    providerCpuMicros: providerMicros / requests,
    loadCpuMicros: cpuMicros / requests,
    serverBusy: serverMicros / elapsedMicros,
    // Provider and load are one thread each, so more cores than two do not help them.
    othersBusy: (providerMicros + cpuMicros) / elapsedMicros / Math.min(cores.otherCores, 2),
  };
}

/** The median of one figure over the rounds of a server. */
export function medianOf(samples: readonly MacroSample[], figure: keyof MacroSample): number {
  return summarize(samples.map((sample) => sample[figure])).median;
}
