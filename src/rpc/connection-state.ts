/**
 * connecting ─▶ open ◀─▶ draining ─▶ closed, and to closed from anywhere.
 *
 * - connecting: calls are taken and wait for the connection
 * - open: calls are taken and sent
 * - draining: no new calls; those in flight are waited for
 */
export type ConnectionPhase = 'connecting' | 'open' | 'draining' | 'closed';

/** What the shell is to do after a look at the clock. */
export type ConnectionAction = 'none' | 'connect-timeout' | 'send-heartbeat' | 'heartbeat-lost' | 'recycle' | 'close';

/** Settings of a {@link ConnectionState}. */
export interface ConnectionStateOptions {
  readonly connectTimeoutMs: number;
  /** Silence in either direction after which a heartbeat is sent. */
  readonly heartbeatMs: number;
  /** Time-outs in a row after which the connection is replaced; default 16. */
  readonly recycleAfterTimeouts?: number;
}

/** Heartbeats in a row without any byte read after which the connection is dead, as in Java consumers. */
const HEARTBEATS_TO_LOSE = 3;
/** A connection is recycled only if no call was answered for this time: one burst of time-outs is no proof. */
const RECYCLE_AFTER_QUIET_MS = 1_000;
/** How long an idle connection stays open after READONLY, so that WRITEABLE can take it back. */
const READONLY_LINGER_MS = 10_000;

/**
 * The life of one connection: which phase it is in, when a heartbeat is due, when it is given up. It has no clock and no
 * socket; its shell tells it what happened and asks it what to do.
 */
export class ConnectionState {
  readonly #connectTimeoutMs: number;
  readonly #heartbeatMs: number;
  readonly #recycleAfterTimeouts: number;
  readonly #startedMs: number;
  #phase: ConnectionPhase = 'connecting';
  #lastReadMs: number;
  #lastWriteMs: number;
  #lastAnswerMs: number;
  #isConnected = false;
  #unansweredHeartbeats = 0;
  #lastHeartbeatMs = 0;
  #timeoutsInARow = 0;
  /** Until when a draining connection is kept although nothing is in flight on it. */
  #lingerUntilMs = 0;
  #isReadonly = false;

  constructor(options: ConnectionStateOptions, nowMs: number) {
    this.#connectTimeoutMs = options.connectTimeoutMs;
    this.#heartbeatMs = options.heartbeatMs;
    this.#recycleAfterTimeouts = options.recycleAfterTimeouts ?? 16;
    this.#startedMs = nowMs;
    this.#lastReadMs = nowMs;
    this.#lastWriteMs = nowMs;
    this.#lastAnswerMs = nowMs;
  }

  /** Whether the socket is connected: calls are sent at once. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  get phase(): ConnectionPhase {
    return this.#phase;
  }

  /** Whether new calls may be put on the connection. */
  get takesCalls(): boolean {
    return this.#phase === 'open' || this.#phase === 'connecting';
  }

  onOpen(nowMs: number): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'connecting') this.#phase = 'open';
    this.#isConnected = true;
    this.#lastReadMs = nowMs;
    this.#lastWriteMs = nowMs;
    this.#lastAnswerMs = nowMs;
  }

  /** Any byte was read. */
  onRead(nowMs: number): void {
    this.#lastReadMs = nowMs;
    this.#unansweredHeartbeats = 0;
  }

  onWrite(nowMs: number): void {
    this.#lastWriteMs = nowMs;
  }

  /** A pending call was answered; `onRead` has been called for its bytes. */
  onAnswer(): void {
    this.#timeoutsInARow = 0;
    this.#lastAnswerMs = this.#lastReadMs;
  }

  /** A call that had been sent timed out. */
  onCallTimeout(): void {
    this.#timeoutsInARow++;
  }

  /** The provider is about to stop (READONLY). Returns whether the connection has just begun to drain. */
  onReadonly(nowMs: number): boolean {
    if (this.#phase !== 'open') return false;
    this.#phase = 'draining';
    this.#isReadonly = true;
    this.#lingerUntilMs = nowMs + READONLY_LINGER_MS;
    return true;
  }

  /** The provider takes READONLY back. Returns whether the connection is open again. */
  onWriteable(): boolean {
    if (this.#phase !== 'draining' || !this.#isReadonly) return false;
    this.#phase = 'open';
    this.#isReadonly = false;
    return true;
  }

  /** Takes no more calls and closes as soon as nothing is in flight. Not taken back by WRITEABLE. */
  drain(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'draining';
    this.#isReadonly = false;
    this.#lingerUntilMs = Number.NEGATIVE_INFINITY;
  }

  close(): void {
    this.#phase = 'closed';
    this.#isConnected = false;
  }

  /**
   * What is due now. `send-heartbeat` counts as sent. `recycle` says that the shell should `drain`: sixteen calls in a
   * row timed out and none was answered for a second, so the connection may be stuck; calls in flight keep their chance.
   */
  tick(nowMs: number, pendingCalls: number): ConnectionAction {
    if (this.#phase === 'closed') return 'none';
    if (this.#phase === 'draining' && pendingCalls === 0 && nowMs >= this.#lingerUntilMs) return 'close';
    if (!this.#isConnected) return nowMs - this.#startedMs >= this.#connectTimeoutMs ? 'connect-timeout' : 'none';
    if (this.#phase === 'open' && this.#isStuck(nowMs)) return 'recycle';
    return this.#heartbeat(nowMs);
  }

  #isStuck(nowMs: number): boolean {
    return this.#timeoutsInARow >= this.#recycleAfterTimeouts && nowMs - this.#lastAnswerMs >= RECYCLE_AFTER_QUIET_MS;
  }

  #heartbeat(nowMs: number): ConnectionAction {
    const waitsForAnswer = this.#unansweredHeartbeats > 0;
    // While an answer is owed, only the time since the last heartbeat counts; it was the last write or before it.
    const sinceMs = waitsForAnswer ? this.#lastHeartbeatMs : Math.min(this.#lastReadMs, this.#lastWriteMs);
    if (nowMs - sinceMs < this.#heartbeatMs) return 'none';
    if (this.#unansweredHeartbeats >= HEARTBEATS_TO_LOSE) return 'heartbeat-lost';
    this.#unansweredHeartbeats++;
    this.#lastHeartbeatMs = nowMs;
    return 'send-heartbeat';
  }
}
