/** How long connections live. 0 stands for no bound. */
export interface ConnectionLimits {
  /** Age in ms after which a connection is replaced by a new one. */
  readonly maxAgeMs: number;
  /** Calls after which it is. */
  readonly maxRequests: number;
  /** Time in ms without a call after which it is closed. */
  readonly idleTimeoutMs: number;
}

/** Connections that end only when something is wrong with them. */
export const UNLIMITED: ConnectionLimits = { maxAgeMs: 0, maxRequests: 0, idleTimeoutMs: 0 };

/** What is taken off the bounds at most, at random, so that what began together does not end together. */
const JITTER = 0.1;

/**
 * When a connection has served long enough, and when nobody needs it. It is told nothing while calls run: whoever asks says
 * how many there were, and how many are under way. Pure: the time comes with each question, on a clock that does not go
 * back.
 */
export class ConnectionLifetime {
  readonly #startedMs: number;
  readonly #part: number;
  #calls = 0;
  #usedMs: number;

  /** @param random a number from 0 to below 1 */
  constructor(random: number, nowMs: number) {
    this.#startedMs = nowMs;
    this.#usedMs = nowMs;
    this.#part = 1 - JITTER * random;
  }

  /** Whether a new connection should take its place. @param calls taken so far */
  isOver({ maxAgeMs, maxRequests }: ConnectionLimits, calls: number, nowMs: number): boolean {
    if (maxAgeMs > 0 && nowMs - this.#startedMs >= maxAgeMs * this.#part) return true;
    return maxRequests > 0 && calls >= maxRequests * this.#part;
  }

  /**
   * Whether it has had no call for the time. To be asked often: the time counts from the last question that found it used.
   *
   * @param calls taken so far
   * @param pending calls that have not ended
   */
  isIdle({ idleTimeoutMs }: ConnectionLimits, calls: number, pending: number, nowMs: number): boolean {
    if (pending > 0 || calls !== this.#calls) {
      this.#calls = calls;
      this.#usedMs = nowMs;
      return false;
    }
    return idleTimeoutMs > 0 && nowMs - this.#usedMs >= idleTimeoutMs;
  }
}
