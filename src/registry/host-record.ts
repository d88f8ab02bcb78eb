import { ReconnectBackoff } from '../time/reconnect-backoff.ts';

/** How often in ms a name is looked up while it is used: look-ups of the system tell no time to live. */
const REFRESH_MS = 30_000;
/** After a failure in ms: at first, and at most. */
const RETRY_MS = 1_000;
/** Between two look-ups that somebody asks for. */
const LEAST_PAUSE_MS = 1_000;
/** What is taken off `REFRESH_MS` at most, at random. */
const JITTER = 0.1;

/**
 * What is known of one host name, and when to look it up again. A failure changes no address. Pure: the time comes with
 * each call, on a clock that does not go back.
 */
export class HostRecord {
  readonly name: string;
  readonly #random: () => number;
  readonly #backoff: ReconnectBackoff;
  #addresses: readonly string[] | undefined;
  #resolvedAtMs: number | undefined;
  #problem: string | undefined;
  #startedMs = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #dueMs: number;

  /** @param random a number from 0 to below 1, like `Math.random` */
  constructor(name: string, random: () => number, nowMs: number) {
    this.name = name;
    this.#random = random;
    this.#backoff = new ReconnectBackoff({ baseMs: RETRY_MS, maxMs: REFRESH_MS, random });
    this.#dueMs = nowMs;
  }

  /** In ascending order; undefined before the first answer. */
  get addresses(): readonly string[] | undefined {
    return this.#addresses;
  }

  /** When it was last answered, in ms since 1970; undefined before. */
  get resolvedAtMs(): number | undefined {
    return this.#resolvedAtMs;
  }

  /** Why the last look-up failed; undefined where it did not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** When the next look-up is due; infinite while one is under way. */
  get dueMs(): number {
    return this.#isAsking ? Number.POSITIVE_INFINITY : this.#dueMs;
  }

  /** A connection to an address of it failed: perhaps it has others by now. */
  suspect(nowMs: number): void {
    this.#dueMs = Math.min(this.#dueMs, Math.max(nowMs, this.#startedMs + LEAST_PAUSE_MS));
  }

  /** A look-up begins. */
  onAsk(nowMs: number): void {
    this.#isAsking = true;
    this.#startedMs = nowMs;
  }

  /** It was answered. Returns whether the addresses have changed. */
  onAnswer(addresses: readonly string[], nowMs: number, wallMs: number): boolean {
    const sorted = addresses.toSorted();
    const isChanged = this.#addresses === undefined || sorted.join() !== this.#addresses.join();
    if (isChanged) this.#addresses = sorted;
    this.#isAsking = false;
    this.#problem = undefined;
    this.#resolvedAtMs = wallMs;
    this.#backoff.succeeded();
    this.#dueMs = nowMs + REFRESH_MS * (1 - JITTER * this.#random());
    return isChanged;
  }

  /** It failed. Returns whether the one before had not. */
  onFailure(problem: string, nowMs: number): boolean {
    const isFirst = this.#problem === undefined;
    this.#isAsking = false;
    this.#problem = problem;
    this.#backoff.failed(nowMs);
    this.#dueMs = this.#backoff.retryAtMs;
    return isFirst;
  }
}
