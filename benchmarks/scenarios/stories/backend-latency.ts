import { setTimeout as delay } from 'node:timers/promises';
import { wallMs } from '../../load/open-loop-load.ts';
import { type Totals, totalsBetween } from '../../load/totals.ts';
import { isIdle } from '../stage/gateway-status.ts';
import { METHODS, type MethodName, type StorySections } from '../stage/scenario-config.ts';
import type { OpenStage, Stage } from '../stage/stage.ts';
import { StatusWatch } from '../stage/status-watch.ts';

/** How large and how long the measurement of throughput over backend latency is. */
export interface BackendLatencySettings {
  readonly sections: StorySections;
  /** Of each of three methods. */
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
  /** Beginning that is not counted, beside the latency itself. */
  readonly warmUpMs: number;
  readonly measuredMs: number;
  readonly maxConnections: number;
}

/** Throughput with backends that take so long. */
export interface BackendLatencyPoint {
  readonly latencyMs: number;
  readonly totals: Totals;
  /** Most calls in flight at a time. */
  readonly mostInFlight: number;
  /** CPU time of the gateway for a request, in microseconds. */
  readonly cpuMicros: number;
}

const STREAMS: readonly MethodName[] = ['orders', 'users', 'prices'];
const LIMIT_MS = 20_000;

/** Three methods are called at the same rates with backends of one latency after the other. */
export async function measureBackendLatencies(
  openStage: OpenStage,
  settings: BackendLatencySettings,
): Promise<readonly BackendLatencyPoint[]> {
  const stage = await openStage(settings.sections);
  try {
    const points: BackendLatencyPoint[] = [];
    for (const latencyMs of settings.latenciesMs) points.push(await measure(stage, settings, latencyMs));
    return points;
  } finally {
    await stage.stop();
  }
}

async function measure(
  stage: Stage,
  { perSecond, warmUpMs, measuredMs, maxConnections }: BackendLatencySettings,
  latencyMs: number,
): Promise<BackendLatencyPoint> {
  await stage.setDelays({ orders: latencyMs, users: latencyMs, prices: latencyMs });
  const watch = new StatusWatch(stage, 200);
  const load = stage.startLoad({
    streams: STREAMS.map((name) => ({ name, path: METHODS[name].path, perSecond })),
    maxConnections,
  });
  await delay(warmUpMs + latencyMs);
  const fromMs = wallMs();
  const cpuBefore = stage.gatewayUsage().cpuMicros;
  await delay(measuredMs);
  const toMs = wallMs();
  const cpuMicros = stage.gatewayUsage().cpuMicros - cpuBefore;
  const { streams } = await load.stop();
  await watch.until(isIdle, 'slots given back', LIMIT_MS);
  await watch.stop();
  const totals = totalsBetween(streams, fromMs, toMs);
  return {
    latencyMs,
    totals,
    mostInFlight: Math.max(...watch.samples.map(({ status }) => status.admission.inFlight)),
    cpuMicros: cpuMicros / totals.due,
  };
}
