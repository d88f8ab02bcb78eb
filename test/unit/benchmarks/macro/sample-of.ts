import type { MacroSample } from '../../../../benchmarks/macro/macro-sample.ts';

/** A round in which a request cost so many microseconds. */
export function sampleOf(cpuMicros: number): MacroSample {
  return {
    cpuMicros,
    requestsPerSecond: 10_000,
    p50Ms: 5,
    p99Ms: 9,
    residentBytes: 100 * 1024 ** 2,
    providerCpuMicros: 10,
    loadCpuMicros: 20,
    serverBusy: 1,
    othersBusy: 0.5,
  };
}
