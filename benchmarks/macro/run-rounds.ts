import { checkAnswer, fetchAnswer } from './answer.ts';
import type { CaseStage } from './case-stage.ts';
import { freePorts } from './free-ports.ts';
import { readLoopDelay } from './loop-delay.ts';
import type { RoundsCase } from './macro-cases.ts';
import type { MacroResult, TargetSamples } from './macro-result.ts';
import type { MacroSample } from './macro-sample.ts';
import { measureFullLoad, measureHeldLoad } from './measure-load.ts';
import { type RunningTarget, startTarget, type TargetSurroundings } from './running-target.ts';
import type { Target } from './targets.ts';
import { untilIdle } from './until-idle.ts';
import { warmUpInTurn } from './warm-up.ts';

/** Until a server that has nothing to do is taken to be done with compiling. */
const MAX_PAUSE_MS = 2_000;

interface MeasuredTarget extends RunningTarget {
  readonly isWarm: boolean;
  readonly samples: MacroSample[];
  readonly warmUp: MacroSample[];
}

/**
 * Measures the servers of a case. All run at the same time, each idle while another has the load; rounds go around among
 * them, each time in another order.
 *
 * @param macroCase with those in its line-up that can be started
 */
export async function runRounds(macroCase: RoundsCase, stage: CaseStage): Promise<MacroResult> {
  const { name, summary, request, lineUp, slowAnswers, slowBackend } = macroCase;
  const running: MeasuredTarget[] = [];
  try {
    await startAll(macroCase, running, stage);
    const connections = slowAnswers?.connections;
    for (const [index, samples] of (await warmUpInTurn(running, request, stage, connections)).entries()) {
      running[index]!.warmUp.push(...samples);
    }
    for (let round = 0; round < stage.settings.rounds; round++) {
      for (let turn = 0; turn < running.length; turn++) {
        const target = running[(round + turn) % running.length]!;
        target.samples.push(await measure(target, macroCase, stage));
        // What a JVM compiles after its round would run on the core of the next server, in its caches.
        if (isLong(target)) await untilIdle(target.server.pid, MAX_PAUSE_MS);
      }
    }
    const measured: TargetSamples[] = [];
    for (const target of lineUp.targets) measured.push(await resultOf(running.filter((one) => one.target === target)));
    return {
      name,
      summary,
      answerBytes: Buffer.byteLength(running[0]!.expectedBody),
      ratio: lineUp.ratio,
      isPaced: slowBackend !== undefined,
      notes: [
        ...(lineUp.copies === 1 ? [] : [`${lineUp.copies} processes of each server`]),
        ...(slowAnswers === undefined ? [] : [`${slowAnswers.connections} connections`]),
      ],
      targets: measured,
    };
  } finally {
    const ended = running.filter(({ target }) => !stage.kept.has(target));
    await Promise.all(ended.map(({ server }) => server.stop()));
  }
}

/** Starts the servers one after the other and compares their answers with that of the first. */
async function startAll(
  { name, request, lineUp }: RoundsCase,
  running: MeasuredTarget[],
  stage: CaseStage,
): Promise<void> {
  const programs = Array.from({ length: lineUp.copies }, () => lineUp.targets).flat();
  const ports = await freePorts(2 * programs.length);
  for (const [index, target] of programs.entries()) {
    const [port, adminPort] = ports.slice(2 * index) as [number, number];
    const expected = running[0]?.expectedBody;
    const place = { port, adminPort, pin: stage.cores.server, request, provider: stage.providerPort, takesTurns: true };
    const isWarm = stage.kept.has(target);
    const started = await startOrKeep(
      name,
      target,
      expected === undefined ? place : { ...place, answer: expected },
      stage,
    );
    running.push({ ...started, isWarm, samples: [], warmUp: [] });
    if (expected !== undefined) checkAnswer(target.name, started.expectedBody, expected, target.stripAnswer);
  }
}

async function startOrKeep(
  caseName: string,
  target: Target,
  place: TargetSurroundings,
  stage: CaseStage,
): Promise<RunningTarget> {
  const kept = stage.kept.get(target);
  if (kept === undefined) {
    const started = await startTarget(target, place);
    if (target.warmUp === 'long') stage.kept.set(target, started);
    return started;
  }
  kept.server.checkRunning();
  const expectedBody = await fetchAnswer(kept.origin, place.request);
  if (expectedBody === undefined) throw new Error(`${target.name} does not answer the request of ${caseName}`);
  return { ...kept, expectedBody };
}

function measure(target: RunningTarget, macroCase: RoundsCase, stage: CaseStage): Promise<MacroSample> {
  const { request, slowAnswers, slowBackend, lineUp } = macroCase;
  const { secondsPerRound, secondsPerCopyRound, connections } = stage.settings;
  const seconds = lineUp.copies === 1 ? secondsPerRound : secondsPerCopyRound;
  if (slowBackend !== undefined) {
    const held = Math.max(seconds, slowBackend.leastSeconds);
    return measureHeldLoad(target, request, held, slowBackend, stage);
  }
  const full = {
    seconds: Math.max(seconds, slowAnswers?.leastSeconds ?? 0),
    connections: slowAnswers?.connections ?? connections,
  };
  return measureFullLoad(target, request, full, stage);
}

function isLong({ target }: RunningTarget): boolean {
  return target.warmUp === 'long';
}

/** @param copies processes of one target; their rounds lie beside each other */
async function resultOf(copies: readonly MeasuredTarget[]): Promise<TargetSamples> {
  const { target, samples, warmUp, isWarm, readyMs, adminPort } = copies[0]!;
  return {
    target: target.name,
    samples: samples.flatMap((_, round) => copies.map((copy) => copy.samples[round]!)),
    warmUp,
    readyMs: isWarm ? undefined : readyMs,
    loopDelay: await readLoopDelay(adminPort),
  };
}
