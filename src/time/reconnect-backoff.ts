/** Settings of a {@link ReconnectBackoff}. */
export interface ReconnectBackoffOptions {
  /** Longest pause after the first failure in ms, default 100. */
  readonly baseMs?: number;
  /** Longest pause at all in ms, default 1,000: a provider that is back is used within about a second. */
  readonly maxMs?: number;
  /** A number from 0 to below 1, like `Math.random`. */
  readonly random: () => number;
}

/**
 * How long to leave a peer (a provider, a registry) alone after a connection failed: twice as long after each failure in
 * a row, less up to one half at random, so that many gateways do not come back at the same moment.
 */
export class ReconnectBackoff {
  readonly #baseMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #failures = 0;
  #retryAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ReconnectBackoffOptions) {
    this.#baseMs = options.baseMs ?? 100;
    this.#maxMs = options.maxMs ?? 1_000;
    this.#random = options.random;
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** When the next try is due. */
  get retryAtMs(): number {
    return this.#retryAtMs;
  }

  isWaiting(nowMs: number): boolean {
    return nowMs < this.#retryAtMs;
  }

  failed(nowMs: number): void {
    const longestMs = Math.min(this.#maxMs, this.#baseMs * 2 ** Math.min(this.#failures, 30));
    this.#failures++;
    this.#retryAtMs = nowMs + longestMs * (1 - this.#random() / 2);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#retryAtMs = Number.NEGATIVE_INFINITY;
  }
}
