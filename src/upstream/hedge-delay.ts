import { LatencyHistogram } from '../bulkhead/latency-histogram.ts';

/** After how long a call is made a second time: a time in ms, or a percentile of how long the calls took. */
export type HedgeAfter = number | 'p95' | 'p99';

const WINDOW_MS = 60_000;
/** Calls within the window below which a percentile says nothing yet. */
const MIN_CALLS = 50;
/** How long a percentile holds in ms before it is worked out anew. */
const REFRESH_MS = 1_000;

/** How long a call may take until another provider is asked as well. Pure. */
export class HedgeDelay {
  readonly after: HedgeAfter;
  readonly #latencies: LatencyHistogram | undefined;
  #delayMs: number | undefined;
  #refreshedMs = Number.NEGATIVE_INFINITY;

  constructor(after: HedgeAfter) {
    this.after = after;
    if (typeof after === 'number') this.#delayMs = after;
    else this.#latencies = new LatencyHistogram(WINDOW_MS);
  }

  /** In ms; undefined where too little is known. */
  delayMs(nowMs: number): number | undefined {
    if (this.#latencies !== undefined && nowMs - this.#refreshedMs >= REFRESH_MS) this.#refresh(nowMs);
    return this.#delayMs;
  }

  /**
   * A call has ended, or another was quicker: then it took at least this long, which is more than the delay, and that is
   * all a percentile needs to know.
   */
  record(latencyMs: number, nowMs: number): void {
    this.#latencies?.record(latencyMs, nowMs);
  }

  #refresh(nowMs: number): void {
    const latencies = this.#latencies!;
    this.#refreshedMs = nowMs;
    this.#delayMs =
      latencies.calls(nowMs) < MIN_CALLS ? undefined : latencies.percentiles(nowMs)?.[this.after as 'p95'];
  }
}
