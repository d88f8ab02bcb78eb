import { setTimeout as delay } from 'node:timers/promises';
import { HeldConnections } from '../load/held-connections.ts';
import { latencyQuantile } from '../load/latency-record.ts';
import type { CaseRequest } from './case-request.ts';
import type { CaseStage } from './case-stage.ts';
import type { LoadJob } from './load.ts';
import { type MacroSample, medianOf, sampleOf } from './macro-sample.ts';
import type { RunningTarget } from './running-target.ts';
import { UsageWatch } from './usage-watch.ts';

/** Time in ms that held connections send before they are measured, beside the time that the provider takes. */
const SETTLE_MS = 300;

/** How long a server is loaded, over how many connections (default: those of the settings). */
export type FullLoad = Pick<LoadJob, 'seconds' | 'mayBeSilent'> & Partial<Pick<LoadJob, 'connections'>>;

/** Rounds without any answer, in turn, after which it is the server that does not answer and not the machine that stood still. */
const MAX_SILENT_ROUNDS = 3;
/** Rounds that a best rate is the median of. */
export const BEST_RATE_ROUNDS = 3;

/**
 * Loads a server with as many requests as it answers, over new connections. A round in which it got none of its core is
 * done again.
 */
export async function measureFullLoad(
  target: RunningTarget,
  { method, path, body }: CaseRequest,
  full: FullLoad,
  stage: CaseStage,
): Promise<MacroSample> {
  const { origin, expectedBody } = target;
  const { connections } = stage.settings;
  for (let round = 1; ; round++) {
    const mayBeSilent = full.mayBeSilent === true || round < MAX_SILENT_ROUNDS;
    const watch = new UsageWatch(target.server, stage.provider);
    const job = { url: origin + path, method, body, connections, expectedBody, ...full, mayBeSilent };
    const report = await stage.load.run(job);
    const { serverMicros, providerMicros, residentBytes } = watch.read();
    if (report.requests > 0 || full.mayBeSilent === true) {
      return sampleOf(report, serverMicros, providerMicros, residentBytes, stage.cores);
    }
  }
}

/** Requests a second at full load, the median of some rounds: one round alone is at times a third above or below. */
export async function bestPerSecond(
  target: RunningTarget,
  request: CaseRequest,
  seconds: number,
  stage: CaseStage,
): Promise<number> {
  const samples: MacroSample[] = [];
  while (samples.length < BEST_RATE_ROUNDS) samples.push(await measureFullLoad(target, request, { seconds }, stage));
  return medianOf(samples, 'requestsPerSecond');
}

/**
 * Loads a server over connections that are opened before, each with one request at a time that waits for the provider.
 * The provider is slow only then: each connection has an answer when it is opened, a hundred at a time.
 */
export async function measureHeldLoad(
  target: RunningTarget,
  { path }: CaseRequest,
  seconds: number,
  { delayMs, connections }: { readonly delayMs: number; readonly connections: number },
  stage: CaseStage,
): Promise<MacroSample> {
  const answerBytes = Buffer.byteLength(target.expectedBody);
  const held = await HeldConnections.open(stage.client, { port: target.port, path, connections, answerBytes });
  await stage.setBackendDelay(delayMs);
  await held.run(delayMs);
  await delay(delayMs + SETTLE_MS);
  await held.report();
  const watch = new UsageWatch(target.server, stage.provider);
  await delay(seconds * 1000);
  const { serverMicros, providerMicros, residentBytes } = watch.read();
  const { answers, latency, elapsedMs, cpuMicros } = await held.report();
  await held.halt();
  await held.close();
  await stage.setBackendDelay(0);
  const report = {
    requests: answers,
    failures: 0,
    elapsedMs,
    cpuMicros,
    p50Ms: latencyQuantile(latency, 0.5) ?? Number.NaN,
    p99Ms: latencyQuantile(latency, 0.99) ?? Number.NaN,
  };
  return sampleOf(report, serverMicros, providerMicros, residentBytes, stage.cores);
}
