import type { CaseStage } from './case-stage.ts';
import { freePorts } from './free-ports.ts';
import { gatewayVariant } from './gateway-variant.ts';
import { readLoopDelay } from './loop-delay.ts';
import type { WorkersCase } from './macro-cases.ts';
import type { FigureGoal } from './macro-goals.ts';
import type { MacroResult } from './macro-result.ts';
import type { MacroSample } from './macro-sample.ts';
import { bestPerSecond } from './measure-load.ts';
import { measurePaced } from './paced-load.ts';
import { type RunningTarget, startTarget } from './running-target.ts';
import { warmUp } from './warm-up.ts';

/** Of the best rate of one worker: two of them, provider and load find room on two cores then. */
const LOAD = 0.25;
const CONNECTIONS = 64;
const SETTLE_MS = 500;

interface WorkersTarget {
  readonly count: number;
  readonly running: RunningTarget;
  readonly warmUp: readonly MacroSample[];
  readonly samples: MacroSample[];
}

/** The gateway with so many workers. */
export const WORKER_VARIANTS = [1, 2].map((count) => ({
  count,
  target: gatewayVariant(nameOf(count), () => [`server: { workers: ${count} }`]),
}));

export function workersGoals({ cpuAtMost, rateAtLeast }: WorkersCase): FigureGoal[] {
  return [
    { figure: 'CPU', target: nameOf(2), atMost: cpuAtMost },
    { figure: 'req/s', target: nameOf(2), atLeast: rateAtLeast },
  ];
}

/**
 * Measures one worker at a rate, and two with twice as many requests over twice as many connections, so that each worker
 * has the same to do: a process with fewer requests in each turn of its event loop pays more for each of them, whatever
 * is beside it. No process is pinned. What was used is that of the workers and of the process that looks after them.
 */
export async function runWorkers(macroCase: WorkersCase, stage: CaseStage): Promise<MacroResult> {
  const { name, summary, request } = macroCase;
  const { rounds, secondsPerRound: seconds } = stage.settings;
  const targets: WorkersTarget[] = [];
  try {
    const ports = await freePorts(2 * WORKER_VARIANTS.length);
    for (const [index, { count, target }] of WORKER_VARIANTS.entries()) {
      const [port, adminPort] = ports.slice(2 * index) as [number, number];
      const place = { port, adminPort, pin: [], request, provider: stage.providerPort, takesTurns: true };
      const running = await startTarget(target, place);
      const entry: WorkersTarget = { count, running, warmUp: [], samples: [] };
      targets.push(entry);
      const seen: MacroSample[] = [];
      // Each worker has to get warm.
      for (let time = 0; time < count; time++) seen.push(...(await warmUp(running, request, stage)));
      targets[index] = { ...entry, warmUp: seen };
    }
    const perSecond = Math.round((await bestPerSecond(targets[0]!.running, request, seconds, stage)) * LOAD);
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < targets.length; turn++) {
        const { count, running, samples } = targets[(round + turn) % targets.length]!;
        const pace = { perSecond: perSecond * count, connections: CONNECTIONS * count, settleMs: SETTLE_MS, seconds };
        samples.push(await measurePaced(running, request, pace, stage));
      }
    }
    return {
      name,
      summary,
      answerBytes: Buffer.byteLength(targets[0]!.running.expectedBody),
      ratio: 'each to first',
      isPaced: true,
      notes: [`${perSecond} requests a second over ${CONNECTIONS} connections for each worker; no process is pinned`],
      targets: await Promise.all(targets.map(resultOf)),
    };
  } finally {
    await Promise.all(targets.map(({ running }) => running.server.stop()));
  }
}

async function resultOf({ count, running, warmUp: seen, samples }: WorkersTarget) {
  const { readyMs, adminPort } = running;
  return { target: nameOf(count), samples, warmUp: seen, readyMs, loopDelay: await readLoopDelay(adminPort) };
}

function nameOf(count: number): string {
  return count === 1 ? '1 worker' : `${count} workers`;
}
