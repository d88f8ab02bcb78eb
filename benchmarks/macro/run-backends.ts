import type { CaseStage } from './case-stage.ts';
import { freePorts } from './free-ports.ts';
import { gatewayVariant } from './gateway-variant.ts';
import { readLoopDelay } from './loop-delay.ts';
import type { BackendsCase } from './macro-cases.ts';
import type { FigureGoal } from './macro-goals.ts';
import type { MacroResult } from './macro-result.ts';
import { type MacroSample, medianOf } from './macro-sample.ts';
import type { MacroSettings } from './macro-settings.ts';
import { bestPerSecond } from './measure-load.ts';
import { measurePaced } from './paced-load.ts';
import { startTarget } from './running-target.ts';
import { warmUp } from './warm-up.ts';

/**
 * Of the best rate. At half of it a gateway is busy for four fifths of the time, since requests that come one by one cost
 * more than those of full load; with a machine that is slower for a while it would fall behind, and work in crowds.
 */
const LOAD = 1 / 3;
/** Connections beyond those that have to wait for the slowest provider. */
const SPARE_CONNECTIONS = 1.25;
const SETTLE_MS = 500;

/** Room for all calls that a slow provider keeps, and time enough for them on a busy machine. */
export const WIDE_GATEWAY = gatewayVariant('wide pools', () => [
  `bulkhead:
  normal: { size: 20000, maxMethodShare: 1 }
  quarantine: { slowCallMs: 20000 }
admission: { maxInFlight: 20000 }
defaults: { timeoutMs: 20000 }`,
]);

/** A quick run has the first and the last. */
export function delaysOf({ delaysMs }: BackendsCase, { isQuick }: MacroSettings): readonly number[] {
  return isQuick ? [delaysMs[0]!, delaysMs.at(-1)!] : delaysMs;
}

/** What is to be reached at each delay but the first. */
export function backendGoals({ delaysMs, atMost }: BackendsCase): FigureGoal[] {
  return delaysMs.slice(1).map((delayMs) => ({ figure: 'CPU', target: nameOf(delayMs), atMost }));
}

/**
 * Measures one process of the gateway at one rate, a third of its best, with each delay in turn. All rounds have the same
 * rate and the same number of connections: at full load a gateway would have the more requests in each turn of its event
 * loop the more connections there are, and a request would cost less for that reason.
 */
export async function runBackends(macroCase: BackendsCase, stage: CaseStage): Promise<MacroResult> {
  const { name, summary, request } = macroCase;
  const delaysMs = delaysOf(macroCase, stage.settings);
  const { rounds, secondsPerRound: seconds } = stage.settings;
  const [port, adminPort] = (await freePorts(2)) as [number, number];
  const place = { port, adminPort, pin: stage.cores.server, request, provider: stage.providerPort };
  const gateway = await startTarget(WIDE_GATEWAY, place);
  try {
    await warmUp(gateway, request, stage);
    const perSecond = Math.round((await bestPerSecond(gateway, request, seconds, stage)) * LOAD);
    const connections = Math.ceil((perSecond * Math.max(...delaysMs) * SPARE_CONNECTIONS) / 1000) + 64;
    const samples: MacroSample[][] = delaysMs.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < delaysMs.length; turn++) {
        const index = (round + turn) % delaysMs.length;
        const delayMs = delaysMs[index]!;
        await stage.setBackendDelay(delayMs);
        const pace = { perSecond, connections, settleMs: SETTLE_MS + delayMs, seconds };
        samples[index]!.push(await measurePaced(gateway, request, pace, stage));
      }
    }
    const loopDelay = await readLoopDelay(adminPort);
    return {
      name,
      summary,
      answerBytes: Buffer.byteLength(gateway.expectedBody),
      ratio: 'each to first',
      isPaced: true,
      notes: [
        `one process, ${perSecond} requests a second over ${connections} connections in all rounds`,
        ...delaysMs.flatMap((_, index) => tooSlowNote(nameOf(delaysMs[index]!), samples[index]!, perSecond)),
      ],
      targets: delaysMs.map((delayMs, index) => ({
        target: nameOf(delayMs),
        samples: samples[index]!,
        warmUp: [],
        readyMs: undefined,
        loopDelay,
      })),
    };
  } finally {
    await stage.setBackendDelay(0);
    await gateway.server.stop();
  }
}

function nameOf(delayMs: number): string {
  return `${delayMs} ms`;
}

/** A gateway that falls behind works in crowds, and its figures are not those of that rate. */
function tooSlowNote(target: string, samples: readonly MacroSample[], perSecond: number): string[] {
  const answered = medianOf(samples, 'requestsPerSecond');
  if (answered > perSecond * 0.97 && answered < perSecond * 1.03) return [];
  return [`${target}: ${answered.toFixed(0)} requests a second were answered in place of ${perSecond}`];
}
