/** Time in ms that a worker has to load and to listen: many seconds where the configuration is large and the machine busy. */
const START_LIMIT_MS = 120_000;
/** Time in ms without a sign of life after which the event loop of a worker is taken for stuck. */
const SILENCE_LIMIT_MS = 20_000;
/** A look this long in ms after the one before shows that this process itself did not run, and heard of nobody. */
const OWN_STALL_MS = 5_000;

/** Which workers give no sign of life any more. To be asked every second. */
export class LifeSigns {
  readonly #deadlines = new Map<number, number>();
  #lastLookMs = Number.POSITIVE_INFINITY;

  /** A worker was started. */
  started(worker: number, nowMs: number): void {
    this.#deadlines.set(worker, nowMs + START_LIMIT_MS);
  }

  /** A worker that listens has given a sign of life. */
  seen(worker: number, nowMs: number): void {
    this.#deadlines.set(worker, nowMs + SILENCE_LIMIT_MS);
  }

  /** A worker has ended. */
  gone(worker: number): void {
    this.#deadlines.delete(worker);
  }

  /** The workers whose time is over. */
  silent(nowMs: number): number[] {
    if (nowMs - this.#lastLookMs > OWN_STALL_MS) {
      for (const [worker, deadlineMs] of this.#deadlines) {
        this.#deadlines.set(worker, Math.max(deadlineMs, nowMs + SILENCE_LIMIT_MS));
      }
    }
    this.#lastLookMs = nowMs;
    return [...this.#deadlines].filter(([, deadlineMs]) => nowMs > deadlineMs).map(([worker]) => worker);
  }
}
