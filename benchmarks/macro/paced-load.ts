import { setTimeout as delay } from 'node:timers/promises';
import { OK, type StreamRecording } from '../load/load-recording.ts';
import type { LoadPlan } from '../load/open-loop-load.ts';
import { wallMs } from '../load/open-loop-load.ts';
import { type Totals, totalsBetween } from '../load/totals.ts';
import type { CaseRequest } from './case-request.ts';
import type { CaseStage } from './case-stage.ts';
import { type MacroSample, sampleOf } from './macro-sample.ts';
import type { RunningTarget } from './running-target.ts';
import { UsageWatch } from './usage-watch.ts';

/** How a server is loaded at a rate. */
export interface Pace {
  readonly perSecond: number;
  /** Connections that are open before the first request. */
  readonly connections: number;
  /** Time in ms at that rate that is not counted. */
  readonly settleMs: number;
  readonly seconds: number;
  readonly fineTicks?: LoadPlan['fineTicks'];
}

const OPEN_MS = 500;
const STREAM = 'the requests';

/**
 * Sends requests at a rate, each when it is due, whatever became of those before; latencies count from then, so that a
 * server that stands still is seen by all that were due meanwhile.
 *
 * @throws Error when one of them, counted or not, has another than a good answer
 */
export async function measurePaced(
  { server, port, expectedBody }: RunningTarget,
  { path }: CaseRequest,
  { perSecond, connections, settleMs, seconds, fineTicks = false }: Pace,
  stage: CaseStage,
): Promise<MacroSample> {
  const answerBytes = Buffer.byteLength(expectedBody);
  const running = stage.client.start({
    port,
    streams: [{ name: STREAM, path, perSecond: 0, answerBytes }],
    openConnections: connections,
    maxConnections: 2 * connections,
    fineTicks,
  });
  await delay(OPEN_MS);
  running.setRate(STREAM, perSecond);
  await delay(settleMs);
  const watch = new UsageWatch(server, stage.provider);
  const fromMs = wallMs();
  await delay(seconds * 1000);
  const { serverMicros, providerMicros, residentBytes } = watch.read();
  const toMs = wallMs();
  const { streams, cpuMicros } = await running.stop();
  checkAllGood(streams);
  const totals = totalsBetween(streams, fromMs, toMs);
  return sampleOf(reportOf(totals, toMs - fromMs, cpuMicros), serverMicros, providerMicros, residentBytes, stage.cores);
}

/** The load's own CPU time is that of the whole recording, so it is a little too high. */
function reportOf(totals: Totals, elapsedMs: number, cpuMicros: number) {
  return {
    requests: (totals.okPerSecond * elapsedMs) / 1000,
    failures: 0,
    elapsedMs,
    cpuMicros,
    p50Ms: totals.okP50Ms ?? Number.NaN,
    p99Ms: totals.okP99Ms ?? Number.NaN,
  };
}

function checkAllGood(streams: readonly StreamRecording[]): void {
  const records = streams.flatMap(({ intervals }) => intervals.flatMap(({ outcomes }) => outcomes));
  const other = records.find(({ outcome }) => outcome !== OK);
  if (other !== undefined) throw new Error(`${other.latency.count} or more requests ended with: ${other.outcome}`);
}
