import type { ProviderAddress } from '../config/provider-address.ts';
import { FRAME_HEADER_BYTES, isTwoWay } from '../dubbo/frame-header.ts';
import { ReconnectBackoff } from '../time/reconnect-backoff.ts';
import { createChannelCounters } from './channel-counters.ts';
import type { ChannelFailure, ChannelStats } from './channel-stats.ts';
import type { ClientContext } from './client-context.ts';
import { Connection, type ConnectionListener } from './connection.ts';
import type { PendingCall } from './pending-call.ts';
import { RpcFailure, type RpcFailureReason } from './rpc-failure.ts';

/** How long other providers are to be preferred after READONLY. */
const AVOID_AFTER_READONLY_MS = 10_000;
/** A lost connection is opened again without being asked only if the last call was within this time. */
const REOPEN_WITHIN_MS = 60_000;
/** After that time a provider that failed is still looked at now and then: it gets no calls while others are well. */
const LOOK_AGAIN_MS = 5_000;
/** After that time another connection is tried in the place of one that is to be renewed. */
const RENEW_AGAIN_MS = 5_000;
/** Connections that no call waits for yet begin within this time, each at some moment of it. */
const EARLY_WITHIN_MS = 500;
/** How often the age of connections is looked at, at most: channels with calls are ticked far more often. */
const LOOK_MS = 100;
/** Part of the shortest bound on the life of connections that its looks are apart at most. */
const LOOKS_PER_BOUND = 20;
/** How often a channel wants to be looked at while it connects, and while it drains or waits to reconnect. */
const CONNECTING_TICK_MS = 10;
const WAITING_TICK_MS = 50;

/**
 * All connections to one provider address. They are opened by the first calls and again after they were lost; while a
 * provider that failed is left alone, calls fail at once, not sent.
 *
 * A connection that has served long enough is renewed, one at a time: another one is opened beside it and takes its place
 * once the provider has answered a heartbeat there, so that no call ever waits for that. Behind a virtual address it may
 * lead to another instance.
 */
export class ProviderChannel implements ConnectionListener {
  readonly address: ProviderAddress;
  readonly #context: ClientContext;
  readonly #onReleased: (channel: ProviderChannel) => void;
  readonly #backoff: ReconnectBackoff;
  readonly #counters = createChannelCounters();
  /** Connections that take calls: open or connecting. */
  readonly #live: Connection[] = [];
  readonly #draining: Connection[] = [];
  /** The connection that is to take the place of `#outlived`. Both are set, or none. */
  #successor: Connection | undefined;
  #outlived: Connection | undefined;
  #renewAgainMs = Number.NEGATIVE_INFINITY;
  #lookMs = Number.NEGATIVE_INFINITY;
  #maxConnections = 1;
  /** From when on connections are opened before there are calls. */
  #earlyFromMs = Number.POSITIVE_INFINITY;
  #references = 0;
  #next = 0;
  #isStopped = false;
  #lastSendMs = Number.NEGATIVE_INFINITY;
  #avoidUntilMs = Number.NEGATIVE_INFINITY;
  /** Why calls are refused while the provider is left alone. */
  #refusal = 'not connected';
  #lastFailure: ChannelFailure | undefined;

  /** @param onReleased called when the last user has released the channel */
  constructor(address: ProviderAddress, context: ClientContext, onReleased: (channel: ProviderChannel) => void) {
    this.address = address;
    this.#context = context;
    this.#onReleased = onReleased;
    this.#backoff = new ReconnectBackoff({ random: context.random });
  }

  /**
   * Whether calls are likely to be answered: it is neither failing nor about to stop. A channel that is not usable can
   * be tried all the same when there is nothing better.
   */
  get isUsable(): boolean {
    if (this.#isStopped || this.#context.clock.nowMs() < this.#avoidUntilMs) return false;
    return this.#backoff.failures === 0 || this.isConnected;
  }

  /** Whether the channel was released or closed and its last connection is gone. */
  get isGone(): boolean {
    return this.#isStopped && this.#connections.length === 0;
  }

  /**
   * Sends a Dubbo request frame, `frame[start, end)`, whose request id is set here. The bytes are copied before this
   * returns. Whether the call gets an answer or `onSent` follows from the two-way bit of the frame.
   *
   * A call waits for its connection to open within its own time and `connectTimeoutMs`. A call that cannot be sent fails
   * at once, before this returns.
   *
   * @param timeoutMs time until the answer, above 0
   * @throws RangeError for a `timeoutMs` or a frame that cannot be, Error for a call that is pending already
   */
  send(frame: Uint8Array, start: number, end: number, timeoutMs: number, call: PendingCall): void {
    if (!(timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`timeoutMs must be above 0, got ${timeoutMs}`);
    }
    const bytes = end - start;
    if (!(bytes >= FRAME_HEADER_BYTES)) throw new RangeError(`a frame has at least 16 bytes, got ${bytes}`);
    if (call.owner !== null) throw new Error('the call is pending already');
    if (this.#isStopped) {
      this.#refuse(call, 'client-stopped', 'the channel was closed');
      return;
    }
    if (bytes - FRAME_HEADER_BYTES > this.#context.maxFrameBytes) {
      this.#refuse(call, 'request-too-large', `a frame of ${bytes} bytes exceeds ${this.#context.maxFrameBytes}`);
      return;
    }
    const nowMs = this.#context.clock.nowMs();
    this.#lastSendMs = nowMs;
    const connection = this.#pick(nowMs);
    if (connection === undefined) {
      this.#refuse(call, 'connect-failed', this.#refusal);
    } else if (!connection.hasRoomFor(bytes)) {
      this.#refuse(call, 'backlog-full', 'the provider does not read');
    } else {
      call.oneWay = !isTwoWay(frame, start);
      connection.send(frame, start, end, nowMs + timeoutMs, call);
      this.#context.wake();
    }
  }

  /** Whether a call would be sent at once. */
  get isConnected(): boolean {
    return this.#live.some((connection) => connection.isOpen);
  }

  /**
   * One more user, who wants at least this many connections.
   *
   * @param isEarly whether they are opened before the first call, and stay open without calls; holds for all users then
   */
  retain(connections: number, isEarly = false): void {
    this.#references++;
    this.#maxConnections = Math.max(this.#maxConnections, connections);
    if (!isEarly || this.#isEarly) return;
    this.#earlyFromMs = this.#context.clock.nowMs() + this.#context.random() * EARLY_WITHIN_MS;
    this.#context.wake();
  }

  /**
   * One user less. When there is none left, no more calls are taken, and each connection closes as soon as nothing is in
   * flight on it.
   */
  release(): void {
    if (this.#references === 0 || --this.#references > 0) return;
    this.#isStopped = true;
    this.#successor?.close('client-stopped', 'not needed any more');
    for (const connection of this.#live.splice(0)) this.#draining.push(connection);
    for (const connection of this.#draining) connection.drain();
    this.#context.wake();
    this.#onReleased(this);
  }

  /** Closes all connections; what is in flight fails with `client-stopped`. */
  close(): void {
    this.#isStopped = true;
    this.#references = 0;
    for (const connection of this.#connections) {
      connection.close('client-stopped', 'the client was closed');
    }
  }

  /** Does what is due, and says after how many ms to come again; 0 where there is no need. */
  tick(nowMs: number): number {
    for (let i = this.#draining.length - 1; i >= 0; i--) this.#draining[i]?.tick(nowMs);
    for (let i = this.#live.length - 1; i >= 0; i--) this.#live[i]?.tick(nowMs);
    if (this.#successor !== undefined) this.#tickSuccessor(this.#successor, nowMs);
    else if (nowMs >= this.#lookMs) this.#lookAtLives(nowMs);
    const isReopenWanted = this.#isReopenWanted(nowMs);
    if (isReopenWanted && !this.#backoff.isWaiting(nowMs)) this.#open();
    else if (this.#mayOpenEarly(nowMs)) this.#open();
    if (this.#successor !== undefined || this.#live.some((connection) => connection.phase === 'connecting')) {
      return CONNECTING_TICK_MS;
    }
    if (isReopenWanted || this.#isEarlyWanted) return WAITING_TICK_MS;
    if (this.#draining.length > 0) return Math.min(WAITING_TICK_MS, this.#idleTickMs);
    if (this.#live.length > 0) return this.#idleTickMs;
    return this.#backoff.failures > 0 && !this.#isStopped ? LOOK_AGAIN_MS : 0;
  }

  stats(): ChannelStats {
    const connections = this.#connections.map((connection) => ({
      phase: connection.phase,
      pending: connection.pendingCalls,
      startedMs: connection.startedMs,
    }));
    return {
      provider: this.address.key,
      isUsable: this.isUsable,
      isReleased: this.#isStopped,
      pending: connections.reduce((sum, connection) => sum + connection.pending, 0),
      connections,
      lastFailure: this.#lastFailure,
      counters: { ...this.#counters },
    };
  }

  onConnected(connection: Connection): void {
    this.#context.dials.delete(connection);
    const isSuccessor = connection === this.#successor;
    if (this.#counters.connected > 0 && !isSuccessor) this.#counters.reconnects++;
    this.#counters.connected++;
    this.#log('connected', isSuccessor ? 'connected in the place of another' : 'connected');
    if (isSuccessor) connection.sendHeartbeat();
  }

  onProved(connection: Connection): void {
    this.#backoff.succeeded();
    if (connection !== this.#successor) return;
    const outlived = this.#outlived!;
    this.#counters.renewed++;
    this.#promote();
    remove(this.#live, outlived);
    this.#draining.push(outlived);
    outlived.drain();
    this.#context.wake();
  }

  onDraining(connection: Connection, cause: 'readonly' | 'recycled'): void {
    if (connection === this.#successor) connection.close('connect-failed', 'the provider is about to stop');
    if (!remove(this.#live, connection)) return;
    if (connection === this.#outlived) this.#promote();
    this.#draining.push(connection);
    // Only so many are kept for a WRITEABLE that may come.
    if (this.#draining.length > this.#maxConnections) this.#draining[0]!.drain();
    if (cause !== 'readonly') return;
    const nowMs = this.#context.clock.nowMs();
    this.#avoidUntilMs = nowMs + AVOID_AFTER_READONLY_MS;
    if (!connection.isProved) this.#countFailure(nowMs, 'the provider is about to stop');
  }

  onRestored(connection: Connection): void {
    this.#avoidUntilMs = Number.NEGATIVE_INFINITY;
    if (this.#live.length >= this.#maxConnections) connection.drain();
    else if (remove(this.#draining, connection)) this.#live.push(connection);
  }

  onClosed(connection: Connection, reason: RpcFailureReason, message: string): void {
    this.#context.dials.delete(connection);
    if (!remove(this.#live, connection)) remove(this.#draining, connection);
    const isSuccessor = connection === this.#successor;
    if (isSuccessor) this.#endRenewal();
    else if (connection === this.#outlived) this.#promote();
    const isConnectFailure = reason === 'connect-failed' || reason === 'connect-timeout';
    if (isConnectFailure) this.#counters.connectFailures++;
    this.#log(isConnectFailure ? 'connect-failed' : 'connection-closed', message);
    if (reason === 'client-stopped') return;
    const atMs = this.#context.clock.nowMs();
    this.#lastFailure = { message, atMs };
    // Of a successor there is another one, which serves on and says more of the provider.
    if (isSuccessor) this.#renewAgainMs = atMs + RENEW_AGAIN_MS;
    // A connection that worked is opened again at once; one that never did is a failure, even if it was accepted.
    else if (!connection.isProved) this.#countFailure(atMs, message);
  }

  /** The connection for the next call: open ones in turn, else one that is connecting, else undefined. */
  #pick(nowMs: number): Connection | undefined {
    const live = this.#live;
    if (live.length < this.#maxConnections && !this.#backoff.isWaiting(nowMs)) this.#open();
    const { length } = live;
    for (let i = 0; i < length; i++) {
      const index = this.#next++ % length;
      if (live[index]!.isOpen) return live[index];
    }
    return length === 0 ? undefined : live[this.#next++ % length];
  }

  #isReopenWanted(nowMs: number): boolean {
    if (this.#isStopped || this.#live.length >= this.#maxConnections) return false;
    if (nowMs < this.#avoidUntilMs) return false;
    if (nowMs - this.#lastSendMs < this.#reopenWithinMs) return true;
    return this.#backoff.failures > 0 && nowMs - (this.#lastFailure?.atMs ?? nowMs) >= LOOK_AGAIN_MS;
  }

  /** Whether connections are opened before there are calls, where the client does that. */
  get #isEarly(): boolean {
    return this.#earlyFromMs < Number.POSITIVE_INFINITY && this.#context.maxEarlyDials > 0;
  }

  /** Whether there are fewer connections than are to be there before calls. One that fails is a matter of its own. */
  get #isEarlyWanted(): boolean {
    return (
      this.#isEarly && !this.#isStopped && this.#live.length < this.#maxConnections && this.#backoff.failures === 0
    );
  }

  #mayOpenEarly(nowMs: number): boolean {
    if (!this.#isEarlyWanted || nowMs < this.#earlyFromMs || nowMs < this.#avoidUntilMs) return false;
    return this.#context.dials.size < this.#context.maxEarlyDials;
  }

  #open(): void {
    this.#live.push(this.#connect());
  }

  #connect(): Connection {
    const connection = new Connection(this.address, this.#context, this, this.#counters);
    this.#context.dials.add(connection);
    return connection;
  }

  /** All that are not closed. */
  get #connections(): Connection[] {
    const all = [...this.#live, ...this.#draining];
    if (this.#successor !== undefined) all.push(this.#successor);
    return all;
  }

  /** A connection that was closed because there were no calls stays closed without any. */
  get #reopenWithinMs(): number {
    const { idleTimeoutMs } = this.#context.connections;
    return idleTimeoutMs > 0 ? Math.min(idleTimeoutMs, REOPEN_WITHIN_MS) : REOPEN_WITHIN_MS;
  }

  /** How often a channel wants to be looked at whose connections are all open. */
  get #idleTickMs(): number {
    const { heartbeatMs, connections } = this.#context;
    let shortestMs = heartbeatMs;
    if (connections.maxAgeMs > 0) shortestMs = Math.min(shortestMs, connections.maxAgeMs);
    if (connections.idleTimeoutMs > 0) shortestMs = Math.min(shortestMs, connections.idleTimeoutMs);
    return Math.min(Math.max(shortestMs / LOOKS_PER_BOUND, 10), 1_000);
  }

  /** Sees to the connection that is to take the place of another. */
  #tickSuccessor(successor: Connection, nowMs: number): void {
    successor.tick(nowMs);
    // It has two such times: to open, and to answer.
    if (nowMs - successor.startedMs < 2 * this.#context.connectTimeoutMs) return;
    if (successor === this.#successor) successor.close('connect-timeout', 'no answer to a heartbeat');
  }

  /** Closes connections without calls, and begins to replace one that has served long enough. */
  #lookAtLives(nowMs: number): void {
    this.#lookMs = nowMs + Math.min(this.#idleTickMs, LOOK_MS);
    for (let i = this.#live.length - 1; i >= 0; i--) {
      const connection = this.#live[i]!;
      if (!connection.isIdle(nowMs) || this.#isEarly) continue;
      this.#counters.idleClosed++;
      connection.close('client-stopped', 'no calls');
    }
    if (!this.#mayRenew(nowMs)) return;
    this.#outlived = this.#live.find((connection) => connection.isOutlived(nowMs));
    if (this.#outlived !== undefined) this.#successor = this.#connect();
  }

  /** While calls end on a connection that was replaced, the next one has to wait: there is never more than one too many. */
  #mayRenew(nowMs: number): boolean {
    if (this.#isStopped || this.#draining.length > 0 || this.#live.length > this.#maxConnections) return false;
    return nowMs >= this.#renewAgainMs && nowMs >= this.#avoidUntilMs && !this.#backoff.isWaiting(nowMs);
  }

  /** From now on the successor takes calls. */
  #promote(): void {
    if (this.#successor !== undefined) this.#live.push(this.#successor);
    this.#endRenewal();
  }

  #endRenewal(): void {
    this.#successor = undefined;
    this.#outlived = undefined;
  }

  /** Several connections that fail together are one failure. */
  #countFailure(nowMs: number, message: string): void {
    this.#refusal = message;
    if (!this.#backoff.isWaiting(nowMs)) this.#backoff.failed(nowMs);
  }

  #refuse(call: PendingCall, reason: RpcFailureReason, message: string): void {
    this.#counters.failed++;
    call.onFailure(new RpcFailure(reason, false, this.address.key, message));
  }

  #log(type: 'connected' | 'connect-failed' | 'connection-closed', message: string): void {
    this.#context.log({ type, provider: this.address.key, message });
  }
}

function remove(connections: Connection[], connection: Connection): boolean {
  const index = connections.indexOf(connection);
  if (index < 0) return false;
  connections.splice(index, 1);
  return true;
}
