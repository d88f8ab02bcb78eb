import { SlidingWindow } from '../bulkhead/sliding-window.ts';

/**
 * How a call ended, as far as its provider is to answer for it. `ok`: with any answer of the method, a business exception
 * too. `failure`: the connection failed, no answer came in time, the provider had no thread (status 100), or it sent what
 * is no answer. `neutral`: nothing is known, as when the caller gave up. `overtaken`: another provider was asked after a while
 * and answered first, so that it was at least slow.
 */
export type CallResult = 'ok' | 'failure' | 'neutral' | 'overtaken';

const CALLS = 0;
const FAILURES = 1;
const BUCKETS = 10;
/** Calls after which the mean latency rests on the last ones only. */
const MEAN_OF_CALLS = 20;

/** What is remembered of the calls to one provider, to compare it with the others. Pure. */
export class CallRecord {
  #window: SlidingWindow | undefined;
  #failuresInARow = 0;
  #meanLatencyMs = 0;
  #latencies = 0;

  /** Failed calls since the last one that did not. */
  get failuresInARow(): number {
    return this.#failuresInARow;
  }

  /** Mean time in ms of about the last 20 calls; a failed one counts as no shorter than the mean before. */
  get meanLatencyMs(): number {
    return this.#meanLatencyMs;
  }

  calls(nowMs: number): number {
    return this.#window === undefined ? 0 : this.#window.total(CALLS, nowMs);
  }

  failures(nowMs: number): number {
    return this.#window === undefined ? 0 : this.#window.total(FAILURES, nowMs);
  }

  /** @param windowMs length of the time looked back on; another one than before forgets what was */
  add(isFailure: boolean, latencyMs: number, windowMs: number, nowMs: number): void {
    let window = this.#window;
    if (window?.windowMs !== windowMs) {
      window = new SlidingWindow(windowMs, 2, BUCKETS);
      this.#window = window;
    }
    window.add(CALLS, nowMs);
    if (isFailure) window.add(FAILURES, nowMs);
    this.#failuresInARow = isFailure ? this.#failuresInARow + 1 : 0;
    const heardMs = isFailure ? Math.max(latencyMs, this.#meanLatencyMs) : latencyMs;
    if (this.#latencies < MEAN_OF_CALLS) this.#latencies++;
    this.#meanLatencyMs += (heardMs - this.#meanLatencyMs) / this.#latencies;
  }

  clear(): void {
    this.#window?.clear();
    this.#failuresInARow = 0;
    this.#meanLatencyMs = 0;
    this.#latencies = 0;
  }
}
