/** Time in ms in which an old latency loses two thirds of its say, as nothing new is heard. */
const DECAY_MS = 5_000;
/** The most that failures in a row can make of a latency, in ms. */
const MAX_COST_MS = 60_000;

/**
 * What a call to a provider is expected to cost, from the latencies of the last seconds: a peak counts at once and in
 * full, and is forgotten slowly (Finagle's peak EWMA). Pure: times are on a clock that does not go back.
 */
export class PeakEwma {
  /** In ms; 0 before the first answer. */
  #costMs = 0;
  #heardMs = 0;

  /** A call ended after this time in ms. */
  record(latencyMs: number, nowMs: number): void {
    const keep = Math.exp(-Math.max(0, nowMs - this.#heardMs) / DECAY_MS);
    this.#costMs = latencyMs > this.#costMs ? latencyMs : this.#costMs * keep + latencyMs * (1 - keep);
    this.#heardMs = nowMs;
  }

  /** A call failed. Failing must not pay, however fast it is: the cost doubles. */
  recordFailure(latencyMs: number, nowMs: number): void {
    this.#costMs = Math.min(MAX_COST_MS, 2 * Math.max(this.#costMs, latencyMs, 1));
    this.#heardMs = nowMs;
  }

  /** A call was given up after this time in ms: its latency would have been longer. */
  recordUnfinished(elapsedMs: number, nowMs: number): void {
    if (elapsedMs > this.#costMs) this.record(elapsedMs, nowMs);
  }

  /** Forgets all latencies. */
  clear(): void {
    this.#costMs = 0;
  }

  /**
   * The cost of one call more, in ms times calls: to be compared with that of other providers.
   *
   * A provider with nothing in flight is forgiven with time, so that one that was slow is tried again; with one call in
   * flight that is over until the answer, or all calls would follow the first one. The same holds before its first
   * answer.
   */
  loadOf(inFlight: number, nowMs: number): number {
    const costMs = this.#costMs;
    if (inFlight === 0) return costMs * Math.exp(-Math.max(0, nowMs - this.#heardMs) / DECAY_MS);
    return (costMs === 0 ? MAX_COST_MS : costMs) * (inFlight + 1);
  }
}
