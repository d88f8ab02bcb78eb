import { ReconnectBackoff } from '../../time/reconnect-backoff.ts';

/** Renewed when this share of its life is over. */
const RENEW_AFTER = 0.8;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A server that says nothing else: Nacos' own default. */
export const DEFAULT_TOKEN_TTL_MS = 18_000_000;
const LONGEST_TTL_MS = 7 * 86_400_000;
const TRUSTED_MS = 30_000;
const UNANSWERED_PAUSE_MS = 1_000;

/**
 * When to log in, and whether the token that came of it still holds. A refused password is tried again with growing
 * pauses only, as servers count failed tries.
 */
export class TokenKeeper {
  readonly #backoff: ReconnectBackoff;
  #token: string | undefined;
  #isOpenToAll: boolean;
  #isAsking = false;
  #obtainedMs = Number.NEGATIVE_INFINITY;
  #renewMs = Number.NEGATIVE_INFINITY;
  #endMs = Number.NEGATIVE_INFINITY;

  /**
   * @param hasUser whether anybody is to log in at all
   * @param random a number from 0 to below 1, like `Math.random`
   */
  constructor(hasUser: boolean, random: () => number) {
    this.#isOpenToAll = !hasUser;
    this.#backoff = new ReconnectBackoff({ baseMs: FIRST_PAUSE_MS, maxMs: LONGEST_PAUSE_MS, random });
  }

  get token(): string | undefined {
    return this.#token;
  }

  /** When to log in; infinite where nobody is to, and while that is under way. */
  get dueMs(): number {
    if (this.#isOpenToAll || this.#isAsking) return Number.POSITIVE_INFINITY;
    return Math.max(this.#renewMs, this.#backoff.retryAtMs);
  }

  /** Whether requests can be sent. */
  isReady(nowMs: number): boolean {
    return this.#isOpenToAll || (this.#token !== undefined && nowMs < this.#endMs);
  }

  asking(): void {
    this.#isAsking = true;
  }

  /** @param ttlMs how long the server takes the token */
  obtained(token: string, ttlMs: number, nowMs: number): void {
    const livesMs = Math.min(ttlMs, LONGEST_TTL_MS);
    this.#isAsking = false;
    this.#token = token;
    this.#obtainedMs = nowMs;
    this.#renewMs = nowMs + livesMs * RENEW_AFTER;
    this.#endMs = nowMs + livesMs;
    this.#backoff.succeeded();
  }

  /** The server refused user and password. */
  failed(nowMs: number): void {
    this.#isAsking = false;
    this.#backoff.failed(nowMs);
  }

  /** No server answered; that says nothing about the password. */
  unanswered(nowMs: number): void {
    this.#isAsking = false;
    this.#renewMs = nowMs + UNANSWERED_PAUSE_MS;
  }

  /** The server knows no users: everybody may read. */
  notNeeded(): void {
    this.#isAsking = false;
    this.#isOpenToAll = true;
  }

  /** The server refused the token though its time is not over: it was started anew, or its keys changed. */
  refused(nowMs: number): void {
    // A token that is new is good: it is the right to read that is missing.
    if (nowMs - this.#obtainedMs < TRUSTED_MS) return;
    this.#renewMs = Math.min(this.#renewMs, nowMs);
  }
}
