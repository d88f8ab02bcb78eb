import { summarize } from '../statistics.ts';
import type { CorePlan } from './cpu-cores.ts';
import type { LoadReport } from './load.ts';

/**
 * One round of one server. Times are microseconds of CPU per request; infinite where nothing was answered, as in the
 * first second of a cold JVM.
 */
export interface MacroSample {
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly residentBytes: number;
  readonly providerCpuMicros: number;
  readonly loadCpuMicros: number;
  /** How much of its core the server used; and the others of theirs. 1 is all. */
  readonly serverBusy: number;
  readonly othersBusy: number;
}

/** Part of its core above which a process is taken to be what everybody waits for. */
export const BUSY = 0.9;

/**
 * @param serverMicros CPU time of the server during the load
 * @param providerMicros CPU time of the provider during the load
 */
export function sampleOf(
  report: LoadReport,
  serverMicros: number,
  providerMicros: number,
  residentBytes: number,
  cores: CorePlan,
): MacroSample {
  const { requests, elapsedMs, cpuMicros } = report;
  const elapsedMicros = elapsedMs * 1000;
  return {
    cpuMicros: serverMicros / requests,
    requestsPerSecond: (requests / elapsedMs) * 1000,
    p50Ms: report.p50Ms,
    p99Ms: report.p99Ms,
    residentBytes,
    providerCpuMicros: providerMicros / requests,
    loadCpuMicros: cpuMicros / requests,
    serverBusy: serverMicros / elapsedMicros,
    // Provider and load are one thread each, so more cores than two do not help them.
    othersBusy: (providerMicros + cpuMicros) / elapsedMicros / Math.min(cores.otherCores, 2),
  };
}

/** The median of one figure over the rounds of a server. */
export function medianOf(samples: readonly MacroSample[], figure: keyof MacroSample): number {
  return summarize(samples.map((sample) => sample[figure])).median;
}
