import { checkAnswer, fetchAnswer } from './answer.ts';
import type { CorePlan } from './cpu-cores.ts';
import { freePorts } from './free-ports.ts';
import type { Load, LoadJob } from './load.ts';
import type { MacroCase } from './macro-cases.ts';
import { BUSY, type MacroSample, sampleOf } from './macro-sample.ts';
import { readUsage } from './process-usage.ts';
import { type RunningTarget, startTarget, type TargetSurroundings } from './running-target.ts';
import type { ServerProcess } from './server-process.ts';
import { GATEWAY, type Target } from './targets.ts';
import { untilIdle } from './until-idle.ts';

export interface MacroSettings {
  readonly rounds: number;
  readonly secondsPerRound: number;
  /** Seconds of full load before the first round. `again` is for a server that was warmed up long in an earlier case. */
  readonly warmUpSeconds: Readonly<Record<Target['warmUp'] | 'again', number>>;
  readonly connections: number;
}

export interface TargetSamples {
  readonly target: string;
  readonly samples: readonly MacroSample[];
  /** The warm-up, second by second. */
  readonly warmUp: readonly MacroSample[];
  /** Time from the start of the process to its first right answer; undefined where it ran since an earlier case. */
  readonly readyMs: number | undefined;
}

export interface MacroResult {
  readonly name: string;
  readonly summary: string;
  readonly answerBytes: number;
  /** The gateway's first, then its baselines'. */
  readonly targets: readonly TargetSamples[];
}

/** What the cases of a run have in common. */
export interface CaseStage {
  readonly cores: CorePlan;
  readonly load: Load;
  readonly settings: MacroSettings;
  readonly provider: ServerProcess;
  readonly providerPort: number;
  /** Servers with a long warm-up, which run on from case to case; whoever owns the stage stops them. */
  readonly kept: Map<Target, RunningTarget>;
}

interface MeasuredTarget extends RunningTarget {
  readonly isWarm: boolean;
  readonly samples: MacroSample[];
  readonly warmUp: MacroSample[];
}

const MAX_PAUSE_MS = 5_000;

/**
 * Measures the gateway and its baselines with one case. All servers run at the same time, each idle while another has
 * the load; rounds go around among them, each time in another order.
 */
export async function runCase(
  macroCase: MacroCase,
  baselines: readonly Target[],
  stage: CaseStage,
): Promise<MacroResult> {
  const { settings } = stage;
  const ports = await freePorts(2 * baselines.length + 2);
  const running: MeasuredTarget[] = [];
  const start = async (target: Target, answer?: string): Promise<MeasuredTarget> => {
    const [port, adminPort] = ports.slice(2 * running.length) as [number, number];
    const isWarm = stage.kept.has(target);
    const place = { port, adminPort, pin: stage.cores.server, macroCase, provider: stage.providerPort };
    const started = await startOrKeep(target, answer === undefined ? place : { ...place, answer }, stage);
    running.push({ ...started, isWarm, samples: [], warmUp: [] });
    return running.at(-1)!;
  };
  try {
    const gateway = await start(GATEWAY);
    for (const baseline of baselines) {
      const { expectedBody } = await start(baseline, gateway.expectedBody);
      checkAnswer(baseline.name, expectedBody, gateway.expectedBody, baseline.stripAnswer);
    }
    for (const target of running) await warmUp(target, macroCase, stage);
    for (let round = 0; round < settings.rounds; round++) {
      for (let turn = 0; turn < running.length; turn++) {
        const target = running[(round + turn) % running.length]!;
        target.samples.push(await measure(target, macroCase, { seconds: settings.secondsPerRound }, stage));
      }
    }
    return {
      name: macroCase.name,
      summary: macroCase.summary,
      answerBytes: Buffer.byteLength(gateway.expectedBody),
      targets: running.map(({ target, samples, warmUp, isWarm, readyMs }) => ({
        target: target.name,
        samples,
        warmUp,
        readyMs: isWarm ? undefined : readyMs,
      })),
    };
  } finally {
    const ended = running.filter(({ target }) => !stage.kept.has(target));
    await Promise.all(ended.map(({ server }) => server.stop()));
  }
}

async function startOrKeep(target: Target, place: TargetSurroundings, stage: CaseStage): Promise<RunningTarget> {
  const kept = stage.kept.get(target);
  if (kept === undefined) {
    const started = await startTarget(target, place);
    if (target.warmUp === 'long') stage.kept.set(target, started);
    return started;
  }
  kept.server.checkRunning();
  const expectedBody = await fetchAnswer(kept.origin, place.macroCase);
  if (expectedBody === undefined)
    throw new Error(`${target.name} does not answer the request of ${place.macroCase.name}`);
  return { ...kept, expectedBody };
}

/**
 * Load for as long as the target needs. Only the time counts in which it had its core, else other work on the machine
 * would leave it cold; but at most twice as long. Where the warm-up is long there is a pause after each second of load
 * until the server has nothing left to do: a JVM's compiler gets little of a core that is full of requests.
 */
async function warmUp(running: MeasuredTarget, macroCase: MacroCase, stage: CaseStage): Promise<void> {
  const kind = running.isWarm ? 'again' : running.target.warmUp;
  const seconds = stage.settings.warmUpSeconds[kind];
  for (let served = 0; served < seconds && running.warmUp.length < 2 * seconds; ) {
    const sample = await measure(running, macroCase, { seconds: 1, mayBeSilent: true }, stage);
    running.warmUp.push(sample);
    served += Math.min(1, sample.serverBusy / BUSY);
    if (kind !== 'short') await untilIdle(running.server.pid, MAX_PAUSE_MS);
  }
}

async function measure(
  { server, origin, expectedBody }: RunningTarget,
  { method, path, body }: MacroCase,
  time: Pick<LoadJob, 'seconds' | 'mayBeSilent'>,
  { cores, load, settings, provider }: CaseStage,
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
