import { checkAnswer } from './answer.ts';
import type { CaseStage } from './case-stage.ts';
import { freePorts } from './free-ports.ts';
import type { LatencyCase } from './macro-cases.ts';
import type { MacroSample } from './macro-sample.ts';
import { bestPerSecond } from './measure-load.ts';
import { measurePaced } from './paced-load.ts';
import { type RunningTarget, startTarget } from './running-target.ts';
import { BARE_KOA, GATEWAY } from './targets.ts';
import { warmUpInTurn } from './warm-up.ts';

/** What the gateway adds to the latency of a server that has its answer at hand, at the same rate. */
export interface LatencyResult {
  readonly name: string;
  readonly summary: string;
  /** The gateway's best, measured just before. */
  readonly bestPerSecond: number;
  /** Of all rounds. */
  readonly perSecond: number;
  readonly gateway: readonly MacroSample[];
  readonly bareKoa: readonly MacroSample[];
}

const LOAD = 0.5;
const CONNECTIONS = 64;
const SETTLE_MS = 500;

/** Measures both servers at half of the gateway's best rate, in turn. Any answer but a good one ends the case. */
export async function runLatency({ name, summary, request }: LatencyCase, stage: CaseStage): Promise<LatencyResult> {
  const { rounds, secondsPerRound } = stage.settings;
  const ports = await freePorts(4);
  const running: RunningTarget[] = [];
  try {
    for (const target of [GATEWAY, BARE_KOA]) {
      const [port, adminPort] = ports.splice(0, 2) as [number, number];
      const place = {
        port,
        adminPort,
        pin: stage.cores.server,
        request,
        provider: stage.providerPort,
        takesTurns: true,
      };
      const answer = running[0]?.expectedBody;
      running.push(await startTarget(target, answer === undefined ? place : { ...place, answer }));
    }
    const [gateway, bareKoa] = running as [RunningTarget, RunningTarget];
    checkAnswer(BARE_KOA.name, bareKoa.expectedBody, gateway.expectedBody, BARE_KOA.stripAnswer);
    await warmUpInTurn(running, request, stage);
    const best = await bestPerSecond(gateway, request, secondsPerRound, stage);
    const perSecond = Math.round(best * LOAD);
    const pace = {
      perSecond,
      connections: CONNECTIONS,
      settleMs: SETTLE_MS,
      seconds: secondsPerRound,
      fineTicks: true,
    };
    const samples = new Map<RunningTarget, MacroSample[]>(running.map((target) => [target, []]));
    for (let round = 0; round < rounds; round++) {
      for (const target of round % 2 === 0 ? running : running.toReversed()) {
        samples.get(target)!.push(await measurePaced(target, request, pace, stage));
      }
    }
    return {
      name,
      summary,
      bestPerSecond: best,
      perSecond,
      gateway: samples.get(gateway)!,
      bareKoa: samples.get(bareKoa)!,
    };
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
}
