import type { Candidate } from './candidate.ts';
import type { EjectionRules } from './ejection-rules.ts';

/** A provider must be slower than the fleet by this much in ms too: factors of next to nothing mean nothing. */
const LEAST_EXCESS_MS = 50;
/** A share of failed calls that ejects must be this many times that of the fleet. */
const ERROR_FACTOR = 2;
/** Where half of the fleet fails half of its calls, the trouble is not one provider's. */
const FLEET_IN_TROUBLE = 0.5;
/** How long a measure of the fleet holds, in ms for each of its members: it costs time in proportion to them. */
const MEASURE_HOLDS_MS = 0.1;

/**
 * Finds the providers that do worse than the others of the same list, and ejects them, never more than
 * `maxEjectedShare`. It compares with the median, the lower of the two where there are two, so that the ill ones are not
 * the measure; what all have in common, such as a slow method or a broken database, ejects nobody.
 */
export class OutlierDetection {
  readonly rules: EjectionRules;
  #measuredMs = Number.NEGATIVE_INFINITY;
  #medianErrorRatio = 0;
  /** Infinite where too few have been called to tell. */
  #medianLatencyMs = Number.POSITIVE_INFINITY;
  /** How many of the fleet may still be ejected. */
  #room = 0;

  constructor(rules: EjectionRules) {
    this.rules = rules;
  }

  /** The most of a list of this size that is left out at a time. */
  maxEjected(size: number): number {
    return Math.floor(size * this.rules.maxEjectedShare);
  }

  /** Ejects those that fail more often, or are slower, than the fleet. */
  judgeAll(fleet: readonly Candidate[], nowMs: number): void {
    this.#measure(fleet, nowMs);
    for (const candidate of fleet) {
      if (this.#room === 0) return;
      const reason = this.#reasonToEject(candidate, nowMs);
      if (reason !== undefined) this.#eject(candidate, reason, nowMs);
    }
  }

  /** Ejects one that has failed too many times in a row. To be asked after each of its failures. */
  judgeFailure(candidate: Candidate, fleet: readonly Candidate[], nowMs: number): void {
    const { record, ejection } = candidate.endpoint;
    const { failuresInARow } = record;
    if (ejection.state !== 'in' || failuresInARow < this.rules.consecutiveFailures) return;
    if (nowMs - this.#measuredMs >= fleet.length * MEASURE_HOLDS_MS) this.#measure(fleet, nowMs);
    if (this.#room === 0 || this.#medianErrorRatio >= FLEET_IN_TROUBLE) return;
    this.#eject(candidate, `${failuresInARow} failures in a row`, nowMs);
  }

  #reasonToEject({ endpoint }: Candidate, nowMs: number): string | undefined {
    const { record, ejection } = endpoint;
    const calls = record.calls(nowMs);
    if (ejection.state !== 'in' || calls < this.rules.minCalls) return undefined;
    const failures = record.failures(nowMs);
    const ratio = failures / calls;
    if (ratio >= this.rules.errorRatio && ratio >= ERROR_FACTOR * this.#medianErrorRatio) {
      return `${failures} of ${calls} calls failed`;
    }
    const medianMs = this.#medianLatencyMs;
    const meanMs = record.meanLatencyMs;
    if (meanMs < this.rules.latencyFactor * medianMs || meanMs < medianMs + LEAST_EXCESS_MS) return undefined;
    return `calls took ${Math.round(meanMs)} ms, those of the others ${Math.round(medianMs)} ms`;
  }

  #eject({ endpoint }: Candidate, reason: string, nowMs: number): void {
    this.#room--;
    endpoint.eject(reason, this.rules, nowMs);
  }

  #measure(fleet: readonly Candidate[], nowMs: number): void {
    const ratios: number[] = [];
    const latencies: number[] = [];
    for (const { endpoint } of fleet) {
      if (endpoint.ejection.state !== 'in') continue;
      const calls = endpoint.record.calls(nowMs);
      ratios.push(calls === 0 ? 0 : endpoint.record.failures(nowMs) / calls);
      if (calls >= this.rules.minCalls) latencies.push(endpoint.record.meanLatencyMs);
    }
    const out = fleet.length - ratios.length;
    this.#room = Math.max(0, this.maxEjected(fleet.length) - out);
    this.#medianErrorRatio = lowerMedian(ratios) ?? 0;
    this.#medianLatencyMs = (latencies.length > 1 ? lowerMedian(latencies) : undefined) ?? Number.POSITIVE_INFINITY;
    this.#measuredMs = nowMs;
  }
}

function lowerMedian(values: readonly number[]): number | undefined {
  return Float64Array.from(values).sort()[(values.length - 1) >> 1];
}
