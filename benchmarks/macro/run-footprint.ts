import { setTimeout as delay } from 'node:timers/promises';
import { HeldConnections } from '../load/held-connections.ts';
import { AdminClient } from '../scenarios/stage/admin-client.ts';
import type { CaseRequest } from './case-request.ts';
import type { CaseStage } from './case-stage.ts';
import { freePorts } from './free-ports.ts';
import type { FootprintCase } from './macro-cases.ts';
import type { MacroSample } from './macro-sample.ts';
import { measureFullLoad } from './measure-load.ts';
import { openFileLimit } from './open-file-limit.ts';
import { readUsage } from './process-usage.ts';
import { WIDE_GATEWAY } from './run-backends.ts';
import { type RunningTarget, startTarget } from './running-target.ts';
import { GATEWAY, type Target } from './targets.ts';

/** The first seconds of a process of the gateway. */
export interface StartRound {
  /** From its start to its first right answer. */
  readonly readyMs: number;
  /** Second by second under full load. */
  readonly seconds: readonly MacroSample[];
}

export interface InFlightRound {
  /** The most that was seen. */
  readonly residentBytes: number;
  readonly inFlight: number;
}

/** Each round is a process of its own. */
export interface FootprintResult {
  readonly name: string;
  readonly summary: string;
  readonly starts: readonly StartRound[];
  /** Memory with idle connections; none where the system does not let a process have so many. */
  readonly idleBytes: readonly number[];
  readonly inFlight: readonly InFlightRound[];
  /** Length of the answers that are waited for. */
  readonly inFlightAnswerBytes: number;
  readonly notes: readonly string[];
}

/** Files that a process has open beside its connections, at most. */
const OTHER_FILES = 200;
const WATCH_MS = 100;
/** Part of the connections that has to be seen waiting for the provider, else the memory is that of fewer. */
const ENOUGH = 0.95;

/** Measures how soon the gateway is there and what it holds. Any answer but a good one, or a lost connection, ends the case. */
export async function runFootprint(macroCase: FootprintCase, stage: CaseStage): Promise<FootprintResult> {
  const { name, summary, request, idle, inFlight } = macroCase;
  const starts: StartRound[] = [];
  const idleBytes: number[] = [];
  const flights: InFlightRound[] = [];
  const notes: string[] = [];
  let inFlightAnswerBytes = 0;
  const limit = openFileLimit(stage.provider.pid) - OTHER_FILES;
  for (let round = 0; round < stage.settings.footprintRounds; round++) {
    starts.push(await withGateway(GATEWAY, request, stage, (gateway) => measureStart(gateway, request, stage)));
    if (idle.connections <= limit) {
      idleBytes.push(await withGateway(GATEWAY, request, stage, (gateway) => measureIdle(gateway, macroCase, stage)));
    }
    if (inFlight.connections <= limit) {
      const flight = await withGateway(WIDE_GATEWAY, inFlight.request, stage, (gateway) => {
        inFlightAnswerBytes = Buffer.byteLength(gateway.expectedBody);
        return measureInFlight(gateway, macroCase, stage);
      });
      flights.push(flight);
    }
  }
  for (const { connections } of [idle, inFlight]) {
    if (connections > limit) notes.push(`${connections} connections: not measured, see \`ulimit -Hn\` (${limit} fit)`);
  }
  return { name, summary, starts, idleBytes, inFlight: flights, inFlightAnswerBytes, notes };
}

async function withGateway<Result>(
  target: Target,
  request: CaseRequest,
  stage: CaseStage,
  measure: (gateway: RunningTarget) => Promise<Result>,
): Promise<Result> {
  const [port, adminPort] = (await freePorts(2)) as [number, number];
  const place = { port, adminPort, pin: stage.cores.server, request, provider: stage.providerPort };
  const gateway = await startTarget(target, place);
  try {
    return await measure(gateway);
  } finally {
    await gateway.server.stop();
  }
}

async function measureStart(gateway: RunningTarget, request: CaseRequest, stage: CaseStage): Promise<StartRound> {
  const seconds: MacroSample[] = [];
  while (seconds.length < stage.settings.startLoadSeconds) {
    seconds.push(await measureFullLoad(gateway, request, { seconds: 1 }, stage));
  }
  return { readyMs: gateway.readyMs, seconds };
}

/** Connections that have had one answer each and keep still. */
async function measureIdle(
  gateway: RunningTarget,
  { request: { path }, idle: { connections } }: FootprintCase,
  stage: CaseStage,
): Promise<number> {
  const answerBytes = Buffer.byteLength(gateway.expectedBody);
  const held = await HeldConnections.open(stage.client, { port: gateway.port, path, connections, answerBytes });
  await delay(stage.settings.holdMs);
  // Fails where one of them was lost meanwhile.
  await held.halt();
  const { residentBytes } = readUsage(gateway.server.pid);
  await held.close();
  return residentBytes;
}

/** Connections that each wait for a slow provider, get their answer, and ask again. */
async function measureInFlight(
  gateway: RunningTarget,
  { inFlight: { request, connections, delayMs } }: FootprintCase,
  stage: CaseStage,
): Promise<InFlightRound> {
  const answerBytes = Buffer.byteLength(gateway.expectedBody);
  const { path } = request;
  const admin = new AdminClient(gateway.adminPort);
  const held = await HeldConnections.open(stage.client, { port: gateway.port, path, connections, answerBytes });
  await stage.setBackendDelay(delayMs);
  try {
    await held.run(delayMs);
    let residentBytes = 0;
    let inFlight = 0;
    const untilMs = performance.now() + 2 * delayMs + stage.settings.holdMs;
    while (performance.now() < untilMs) {
      await delay(WATCH_MS);
      residentBytes = Math.max(residentBytes, readUsage(gateway.server.pid).residentBytes);
      inFlight = Math.max(inFlight, (await admin.status()).admission.inFlight);
    }
    await held.halt();
    if (inFlight < connections * ENOUGH) throw new Error(`only ${inFlight} of ${connections} calls were in flight`);
    return { residentBytes, inFlight };
  } finally {
    await stage.setBackendDelay(0);
    await held.close();
  }
}
