import { LatencyHistogram } from '../../../../src/bulkhead/latency-histogram.ts';
import type { WorkerMethod } from '../../../../src/workers/worker-requests.ts';

const KEY = 'demo.Foo#bar()';
export const WINDOW_MS = 10_000;

/** A time of day as the answers have it. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
}

/** A method as a worker tells of it: healthy since the start of the day, unless `own` says otherwise. */
export function workerMethod(own: Partial<WorkerMethod> = {}, latenciesMs: readonly number[] = []): WorkerMethod {
  const histogram = new LatencyHistogram(WINDOW_MS);
  for (const latencyMs of latenciesMs) histogram.record(latencyMs, 0);
  return {
    key: KEY,
    state: 'healthy',
    since: at(0),
    pinned: false,
    reason: null,
    by: null,
    active: { normal: 0, slow: 0, heartbeat: 0 },
    window: { calls: 0, timeouts: 0, slow: 0, failed: 0 },
    latencyMs: histogram.percentiles(0) ?? null,
    latencyCounts: latenciesMs.length === 0 ? [] : histogram.counts(0),
    probes: null,
    quarantinedTotal: 0,
    relapses: 0,
    earliestRelease: null,
    ...own,
  };
}
