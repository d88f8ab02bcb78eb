/**
 * Time in ms in which an old latency loses two thirds of its say. Who was a hundred times slower than the others is tried
 * again after about ten seconds.
 */
const DECAY_MS = 2_000;
/** What quick failures in a row make of a latency at most, in ms; and what a provider costs that has not answered yet. */
const MAX_COST_MS = 10_000;
/** An answer in the same instant is an answer too: 0 stands for none. */
const LEAST_MS = 0.001;

/**
 * What a call to a provider is expected to cost, from the latencies of the last seconds: a peak counts at once and in
 * full, and is forgotten slowly (Finagle's peak EWMA). Pure: times are on a clock that does not go back.
 */
export class PeakEwma {
  /** In ms; 0 before the first answer. */
  #costMs = 0;
  #heardMs = 0;

  /** A call ended after this time in ms. */
  record(elapsedMs: number, nowMs: number): void {
    const latencyMs = Math.max(elapsedMs, LEAST_MS);
    const keep = Math.exp(-Math.max(0, nowMs - this.#heardMs) / DECAY_MS);
    this.#costMs = latencyMs > this.#costMs ? latencyMs : this.#costMs * keep + latencyMs * (1 - keep);
    this.#heardMs = nowMs;
  }

  /** A call ended whose latency says nothing of those to come, as it had to wait for the connection. */
  begin(nowMs: number): void {
    if (this.#costMs === 0) this.record(LEAST_MS, nowMs);
  }

  /** A call failed. Failing must not pay, however fast it is: the cost doubles. */
  recordFailure(latencyMs: number, nowMs: number): void {
    const doubledMs = Math.min(MAX_COST_MS, 2 * Math.max(this.#costMs, 1));
    this.#costMs = Math.max(this.#costMs, latencyMs, doubledMs);
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
