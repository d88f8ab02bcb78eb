import { ReconnectBackoff } from '../time/reconnect-backoff.ts';

export interface SessionKeeperOptions {
  /** Time in ms a session may take to begin. */
  readonly connectTimeoutMs: number;
  /** Longest pause between two tries to connect in ms. */
  readonly maxPauseMs: number;
  /** A number from 0 to below 1, like `Math.random`. */
  readonly random: () => number;
}

/** What is to be done now. */
export type KeeperDuty = 'nothing' | 'open' | 'probe' | 'abandon';

/** A session that ended sooner than this after its begin was no success. */
const STABLE_AFTER_MS = 5_000;

/**
 * When to open a session with the registry, when to ask whether it is alive, and when to give it up. A server that is
 * frozen keeps its connections and answers nothing, so a third of the session's time-out after the last sign of life it
 * is asked something, and another third later the session is given up.
 */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  readonly #backoff: ReconnectBackoff;
  #phase: 'idle' | 'opening' | 'open' = 'idle';
  /** Since when it is in that phase. */
  #sinceMs = Number.NEGATIVE_INFINITY;
  #thirdMs = 0;
  #lastAnswerMs = Number.NEGATIVE_INFINITY;
  /** When the question was put that is not answered yet. */
  #askedMs: number | undefined;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
    this.#backoff = new ReconnectBackoff({ maxMs: options.maxPauseMs, random: options.random });
  }

  get phase(): 'idle' | 'opening' | 'open' {
    return this.#phase;
  }

  /** Tries that failed since the last session that lasted. */
  get failures(): number {
    return this.#backoff.failures;
  }

  due(nowMs: number): KeeperDuty {
    if (nowMs < this.dueMs) return 'nothing';
    if (this.#phase === 'idle') return 'open';
    if (this.#phase === 'opening') return 'abandon';
    return this.#askedMs === undefined ? 'probe' : 'abandon';
  }

  /** When something is to be done unless something happens first. */
  get dueMs(): number {
    if (this.#phase === 'idle') return this.#backoff.retryAtMs;
    if (this.#phase === 'opening') return this.#sinceMs + this.#options.connectTimeoutMs;
    return Math.max(this.#lastAnswerMs, this.#askedMs ?? Number.NEGATIVE_INFINITY) + this.#thirdMs;
  }

  opening(nowMs: number): void {
    this.#enter('opening', nowMs);
  }

  /** @param sessionTimeoutMs as the server granted it */
  opened(nowMs: number, sessionTimeoutMs: number): void {
    this.#enter('open', nowMs);
    this.#thirdMs = sessionTimeoutMs / 3;
    this.#lastAnswerMs = nowMs;
  }

  probed(nowMs: number): void {
    this.#askedMs = nowMs;
  }

  /** Any answer of the server. */
  answered(nowMs: number): void {
    this.#lastAnswerMs = nowMs;
    this.#askedMs = undefined;
  }

  /** The session ended or did not begin. */
  lost(nowMs: number): void {
    if (this.#phase === 'open' && nowMs - this.#sinceMs >= STABLE_AFTER_MS) this.#backoff.succeeded();
    this.#backoff.failed(nowMs);
    this.#enter('idle', nowMs);
  }

  #enter(phase: 'idle' | 'opening' | 'open', nowMs: number): void {
    this.#phase = phase;
    this.#sinceMs = nowMs;
    this.#askedMs = undefined;
  }
}
