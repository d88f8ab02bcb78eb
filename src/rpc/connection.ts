import type { Socket } from 'node:net';
import type { ProviderAddress } from '../config/provider-address.ts';
import { MAX_EVENT_BODY_BYTES, readEvent, writeEventAnswer, writeHeartbeat } from '../dubbo/events.ts';
import { FRAME_HEADER_BYTES, writeRequestId } from '../dubbo/frame-header.ts';
import { type FrameSink, FrameSplitter } from '../dubbo/frame-splitter.ts';
import type { FrameView } from '../dubbo/frame-view.ts';
import { AnswerFrame } from './answer-frame.ts';
import { CallTable } from './call-table.ts';
import type { ChannelCounters } from './channel-counters.ts';
import type { ClientContext, RpcEvent } from './client-context.ts';
import { ConnectionLifetime } from './connection-lifetime.ts';
import { type ConnectionPhase, ConnectionState } from './connection-state.ts';
import { FrameOutbox } from './frame-outbox.ts';
import type { CallOwner, PendingCall } from './pending-call.ts';
import { RpcFailure, type RpcFailureReason } from './rpc-failure.ts';
import { socketErrorText } from './socket-error-text.ts';

/** Who wants to know how a connection fares. */
export interface ConnectionListener {
  onConnected(connection: Connection): void;
  /** The first answer came: this is a provider that works. */
  onProved(connection: Connection): void;
  /** No new calls may be put on the connection. */
  onDraining(connection: Connection, cause: 'readonly' | 'recycled'): void;
  /** The provider takes calls again. */
  onRestored(connection: Connection): void;
  /** The connection is gone; its calls fail right after this. */
  onClosed(connection: Connection, reason: RpcFailureReason, message: string): void;
}

const READ_BUFFER_BYTES = 64 * 1024;
/** Most bytes that wait for a provider that does not read, unless one frame may be larger. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;
const KEEP_ALIVE_DELAY_MS = 30_000;
/**
 * Longest body that is read over because it exceeds the limit, so that the calls behind it keep their connection. No
 * provider means more than this; one that announces it would only block them.
 */
const MAX_SKIPPED_BYTES = 64 * 1024 * 1024;

/**
 * One socket to a provider, and the shell around the pure parts that do the thinking: the splitter reads, the table
 * matches, the outbox collects, the state decides.
 *
 * All frames of one event-loop turn leave in one socket write. The socket reads into one buffer that is used again and
 * again, so that neither a call nor an answer allocates here.
 */
export class Connection implements CallOwner, FrameSink {
  /** When it began to connect. */
  readonly startedMs: number;
  readonly #context: ClientContext;
  readonly #listener: ConnectionListener;
  readonly #counters: ChannelCounters;
  readonly #provider: string;
  readonly #socket: Socket;
  readonly #state: ConnectionState;
  readonly #lifetime: ConnectionLifetime;
  readonly #table: CallTable;
  readonly #splitter: FrameSplitter;
  readonly #outbox: FrameOutbox;
  readonly #answer: AnswerFrame;
  readonly #readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  #oneWayCalls: PendingCall[] = [];
  /** Calls with this id or a later one are not flushed yet. */
  #firstUnflushedId = 1;
  #unflushedCalls = 0;
  #isFlushRequested = false;
  #isProved = false;

  /** Starts to connect. */
  constructor(
    address: ProviderAddress,
    context: ClientContext,
    listener: ConnectionListener,
    counters: ChannelCounters,
  ) {
    this.#context = context;
    this.#listener = listener;
    this.#counters = counters;
    this.#provider = address.key;
    this.startedMs = context.clock.nowMs();
    this.#state = new ConnectionState(context, this.startedMs);
    this.#lifetime = new ConnectionLifetime(context.random(), this.startedMs);
    this.#table = new CallTable(counters);
    this.#splitter = new FrameSplitter(context.maxFrameBytes);
    this.#outbox = new FrameOutbox(Math.max(MAX_BACKLOG_BYTES, 2 * (context.maxFrameBytes + FRAME_HEADER_BYTES)));
    this.#answer = new AnswerFrame(address.key);
    this.#socket = context.connect({
      host: address.host,
      port: address.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
      onread: { buffer: this.#readBuffer, callback: this.#onRead },
    });
    this.#socket.on('connect', this.#onConnect);
    this.#socket.on('error', (error) => this.#onSocketEnd(socketErrorText(error)));
    this.#socket.on('end', () => this.#onSocketEnd('closed by the provider'));
    this.#socket.on('close', () => this.#onSocketEnd('closed'));
  }

  get phase(): ConnectionPhase {
    return this.#state.phase;
  }

  /** Whether calls are taken and sent at once. */
  get isOpen(): boolean {
    return this.#state.phase === 'open';
  }

  /** Whether the provider ever answered on this connection. */
  get isProved(): boolean {
    return this.#isProved;
  }

  get pendingCalls(): number {
    return this.#table.size;
  }

  /** Whether another connection should take its place, for its age or the number of its calls. */
  isOutlived(nowMs: number): boolean {
    return this.isOpen && this.#lifetime.isOver(this.#context.connections, this.#table.calls, nowMs);
  }

  /** Whether it has had no call for so long that it is not worth keeping. To be asked at each tick. */
  isIdle(nowMs: number): boolean {
    return this.isOpen && this.#lifetime.isIdle(this.#context.connections, this.#table.calls, this.#unfinished, nowMs);
  }

  /** Whether a frame of this many bytes can wait for the socket. */
  hasRoomFor(bytes: number): boolean {
    return this.#outbox.hasRoomFor(bytes);
  }

  /** Takes a call and a copy of its frame, `frame[start, end)`. Ask `hasRoomFor` before. */
  send(frame: Uint8Array, start: number, end: number, deadlineMs: number, call: PendingCall): void {
    const { writer } = this.#outbox;
    const at = writer.position;
    writer.bytes(frame, start, end);
    writeRequestId(writer.buffer, at, this.#table.add(call));
    call.outboxStart = at;
    call.outboxEnd = writer.position;
    call.owner = this;
    if (call.oneWay) this.#oneWayCalls.push(call);
    this.#unflushedCalls++;
    this.#context.wheel.schedule(call, deadlineMs);
    this.#requestFlush();
  }

  /** Takes no more calls; closes by itself when nothing is in flight. */
  drain(): void {
    this.#state.drain();
  }

  /** Closes at once; what is in flight fails with `reason`. */
  close(reason: RpcFailureReason, message: string): void {
    if (this.#state.phase === 'closed') return;
    this.#state.close();
    this.#splitter.close();
    this.#socket.destroy();
    const calls = this.#table.drain();
    this.#listener.onClosed(this, reason, message);
    const unsent = new RpcFailure(reason, false, this.#provider, message);
    const sent = new RpcFailure(reason, true, this.#provider, message);
    for (const call of calls) {
      // A callback of an earlier call may have cancelled this one, or sent it elsewhere.
      if (call.owner !== this) continue;
      this.#fail(call, call.id < this.#firstUnflushedId ? sent : unsent);
    }
  }

  /** Does what is due. */
  tick(nowMs: number): void {
    switch (this.#state.tick(nowMs, this.#unfinished)) {
      case 'connect-timeout':
        this.close('connect-timeout', `no connection within ${this.#context.connectTimeoutMs} ms`);
        break;
      case 'send-heartbeat':
        this.sendHeartbeat();
        break;
      case 'heartbeat-lost':
        this.close('connection-lost', `silent for more than three heartbeats of ${this.#context.heartbeatMs} ms`);
        break;
      case 'recycle':
        this.#counters.recycled++;
        this.#log('recycled', 'calls keep timing out; further ones go over a new connection');
        this.#state.drain();
        this.#listener.onDraining(this, 'recycled');
        break;
      case 'close':
        this.close('client-stopped', 'drained');
        break;
    }
  }

  /** Asks the provider for a sign of life. */
  sendHeartbeat(): void {
    // Where even a heartbeat finds no room, the provider does not read: the next ones go unanswered, and that is noticed.
    if (!this.#outbox.hasRoomFor(FRAME_HEADER_BYTES + 1)) return;
    writeHeartbeat(this.#outbox.writer, this.#table.takeId());
    this.#counters.heartbeatsSent++;
    this.#requestFlush();
  }

  release(call: PendingCall): void {
    this.#context.wheel.cancel(call);
    if (!this.#table.giveUp(call)) return;
    this.#counters.cancelled++;
    this.#takeBack(call);
  }

  expire(call: PendingCall): void {
    if (!this.#table.giveUp(call)) return;
    const sent = !this.#takeBack(call);
    if (sent) this.#state.onCallTimeout();
    const message = sent ? 'no answer in time' : 'no connection in time';
    this.#fail(call, new RpcFailure('timeout', sent, this.#provider, message));
  }

  onFrame(frame: FrameView): void {
    if (frame.isEvent) {
      this.#onEvent(frame);
      return;
    }
    if (frame.isRequest) {
      this.#counters.unknown++;
      return;
    }
    const call = this.#settle(frame);
    if (call === undefined) return;
    this.#counters.answered++;
    const answer = this.#answer;
    answer.status = frame.status;
    answer.serialization = frame.serialization;
    answer.buffer = frame.buffer;
    answer.start = frame.start;
    answer.end = frame.end;
    try {
      call.onAnswer(answer);
    } catch (error) {
      this.#logThrown(error);
    }
  }

  onOversized(header: FrameView, bodyBytes: number): void {
    this.#counters.oversized++;
    const message = `a frame of ${bodyBytes} bytes exceeds ${this.#context.maxFrameBytes}`;
    this.#log('answer-too-large', message);
    const call = header.isEvent || header.isRequest ? undefined : this.#settle(header);
    if (call !== undefined) this.#fail(call, new RpcFailure('frame-too-large', true, this.#provider, message));
    if (bodyBytes > MAX_SKIPPED_BYTES) this.close('connection-lost', message);
  }

  /** Calls that have not ended, or any number above 0 while bytes wait to be sent. */
  get #unfinished(): number {
    const isWriting = this.#outbox.isWriting || this.#outbox.waitingBytes > 0;
    return this.#table.size + (isWriting ? 1 : 0);
  }

  /** The pending call that a response frame is for. */
  #settle(frame: FrameView): PendingCall | undefined {
    this.#prove();
    const call = this.#table.answer(frame.idHigh, frame.idLow);
    if (call === undefined) return undefined;
    this.#state.onAnswer();
    this.#context.wheel.cancel(call);
    call.owner = null;
    // A provider that guesses ids may answer what it was never sent.
    this.#takeBack(call);
    return call;
  }

  #onEvent(frame: FrameView): void {
    if (!frame.isRequest) {
      this.#counters.heartbeatsAnswered++;
      this.#prove();
      return;
    }
    const bodyBytes = frame.end - frame.start;
    if (
      frame.isTwoWay &&
      bodyBytes <= MAX_EVENT_BODY_BYTES &&
      this.#outbox.hasRoomFor(FRAME_HEADER_BYTES + bodyBytes)
    ) {
      writeEventAnswer(this.#outbox.writer, frame);
      this.#counters.pingsAnswered++;
      this.#requestFlush();
    }
    const kind = readEvent(frame);
    if (kind === 'readonly' && this.#state.onReadonly(this.#context.clock.nowMs())) {
      this.#log('draining', 'the provider is about to stop (READONLY)');
      this.#listener.onDraining(this, 'readonly');
    } else if (kind === 'writeable' && this.#state.onWriteable()) {
      this.#log('restored', 'the provider takes calls again (WRITEABLE)');
      this.#listener.onRestored(this);
    }
  }

  #prove(): void {
    if (this.#isProved) return;
    this.#isProved = true;
    this.#listener.onProved(this);
  }

  /** Takes the bytes of an unflushed call back; `false` if they were given to the socket already. */
  #takeBack(call: PendingCall): boolean {
    if (call.id < this.#firstUnflushedId) return false;
    this.#outbox.discard(call.outboxStart, call.outboxEnd);
    this.#unflushedCalls--;
    return true;
  }

  #requestFlush(): void {
    if (this.#isFlushRequested || !this.#state.isConnected || this.#outbox.isWriting) return;
    this.#isFlushRequested = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#isFlushRequested = false;
    if (!this.#state.isConnected) return;
    const bytes = this.#outbox.take();
    if (bytes === undefined) return;
    this.#firstUnflushedId = this.#table.nextId;
    this.#counters.sent += this.#unflushedCalls;
    this.#unflushedCalls = 0;
    this.#state.onWrite(this.#context.clock.nowMs());
    this.#socket.write(bytes, this.#onWritten);
    if (this.#oneWayCalls.length > 0) this.#settleOneWayCalls();
  };

  /** Flushes what came meanwhile in the next check phase, so that there is one write per turn here too. */
  readonly #onWritten = (error?: Error | null): void => {
    if (error) return;
    this.#outbox.written();
    if (this.#outbox.waitingBytes > 0) this.#requestFlush();
  };

  #settleOneWayCalls(): void {
    const calls = this.#oneWayCalls;
    this.#oneWayCalls = [];
    for (const call of calls) {
      if (call.owner !== this || call.id >= this.#firstUnflushedId || !this.#table.giveUp(call)) continue;
      this.#context.wheel.cancel(call);
      call.owner = null;
      try {
        call.onSent();
      } catch (error) {
        this.#logThrown(error);
      }
    }
  }

  readonly #onRead = (length: number): boolean => {
    if (this.#state.phase === 'closed') return false;
    this.#state.onRead(this.#context.clock.nowMs());
    try {
      this.#splitter.push(this.#readBuffer, this, length);
    } catch (error) {
      this.close('protocol-error', error instanceof Error ? error.message : String(error));
    }
    return true;
  };

  readonly #onConnect = (): void => {
    if (this.#state.phase === 'closed') return;
    this.#state.onOpen(this.#context.clock.nowMs());
    this.#listener.onConnected(this);
    if (this.#outbox.waitingBytes > 0) this.#requestFlush();
  };

  #onSocketEnd(message: string): void {
    this.close(this.#state.isConnected ? 'connection-lost' : 'connect-failed', message);
  }

  #fail(call: PendingCall, failure: RpcFailure): void {
    this.#context.wheel.cancel(call);
    call.owner = null;
    if (failure.reason === 'timeout') this.#counters.timedOut++;
    else this.#counters.failed++;
    try {
      call.onFailure(failure);
    } catch (error) {
      this.#logThrown(error);
    }
  }

  #log(type: RpcEvent['type'], message: string): void {
    this.#context.log({ type, provider: this.#provider, message });
  }

  #logThrown(error: unknown): void {
    this.#context.log({
      type: 'callback-threw',
      provider: this.#provider,
      message: 'a call threw when settled',
      error,
    });
  }
}
