import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { parseProviderAddress } from '../../../src/config/provider-address.ts';
import type { ClientContext } from '../../../src/rpc/client-context.ts';
import { type ConnectionLimits, UNLIMITED } from '../../../src/rpc/connection-lifetime.ts';
import type { PendingCall } from '../../../src/rpc/pending-call.ts';
import { ProviderChannel } from '../../../src/rpc/provider-channel.ts';
import { TimerWheel } from '../../../src/time/timer-wheel.ts';
import type { RecordingCall } from './recording-call.ts';
import { send } from './rpc-fixture.ts';
import { dubboFrame, okAnswer, type ReceivedFrame } from './scripted-server.ts';

/** A socket in memory that does what its test says. */
export class FakeSocket extends EventEmitter {
  isConnected = false;
  isDestroyed = false;
  readonly calls: ReceivedFrame[] = [];
  readonly heartbeats: ReceivedFrame[] = [];
  readonly #read: { buffer: Buffer; callback: (length: number) => boolean };

  constructor(onread: { buffer: Buffer; callback: (length: number) => boolean }) {
    super();
    this.#read = onread;
  }

  /** Opens it, the first time. */
  connect(): void {
    if (this.isConnected || this.isDestroyed) return;
    this.isConnected = true;
    this.emit('connect');
  }

  write(bytes: Uint8Array, onWritten: () => void): void {
    const frames = Buffer.from(bytes);
    for (let at = 0; at < frames.length; ) {
      const end = at + 16 + frames.readInt32BE(at + 12);
      const flags = frames[at + 2]!;
      const frame = { flags, id: frames.readBigInt64BE(at + 4), body: frames.toString('latin1', at + 16, end) };
      ((flags & 0x20) === 0 ? this.calls : this.heartbeats).push(frame);
      at = end;
    }
    onWritten();
  }

  receive(bytes: Buffer): void {
    bytes.copy(this.#read.buffer);
    this.#read.callback(bytes.length);
  }

  answerCalls(): void {
    for (const call of this.calls.splice(0)) this.receive(okAnswer(call));
  }

  answerHeartbeats(): void {
    for (const { id } of this.heartbeats.splice(0)) this.receive(dubboFrame(0x22, 20, id, 'N'));
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

interface StageOptions {
  readonly limits?: ConnectionLimits;
  /** Connections of each channel. */
  readonly count?: number;
  /** Whether connections are opened before calls, as far as `maxEarlyDials` allows. */
  readonly isEarly?: boolean;
  readonly maxEarlyDials?: number;
  /** Number of channels, each to an address of its own. */
  readonly channels?: number;
  readonly random?: () => number;
}

/** Channels whose time and sockets are in the hands of the test. */
export class ChannelStage {
  readonly sockets: FakeSocket[] = [];
  readonly channels: ProviderChannel[] = [];
  readonly #wheel = new TimerWheel<PendingCall>(0, { tickMs: 10 });
  nowMs = 0;

  constructor(options: StageOptions = {}) {
    const {
      limits = UNLIMITED,
      count = 1,
      isEarly = false,
      maxEarlyDials = 0,
      channels = 1,
      random = () => 0,
    } = options;
    const context: ClientContext = {
      connectTimeoutMs: 200,
      heartbeatMs: 60_000,
      maxFrameBytes: 10_000,
      connections: limits,
      recycleAfterTimeouts: 16,
      maxEarlyDials,
      dials: new Set(),
      clock: { nowMs: () => this.nowMs, wallMs: () => 0 },
      random,
      connect: ({ onread }) => {
        const socket = new FakeSocket(onread as ConstructorParameters<typeof FakeSocket>[0]);
        this.sockets.push(socket);
        return socket as unknown as Socket;
      },
      log: () => {},
      wheel: this.#wheel,
      wake: () => {},
    };
    for (let index = 1; index <= channels; index++) {
      const address = parseProviderAddress(`dubbo://192.0.2.${index}:20880`);
      const channel = new ProviderChannel(address, context, () => {});
      channel.retain(count, isEarly);
      this.channels.push(channel);
    }
  }

  get channel(): ProviderChannel {
    return this.channels[0]!;
  }

  get open(): FakeSocket[] {
    return this.sockets.filter(({ isDestroyed }) => !isDestroyed);
  }

  get phases(): string[] {
    return this.channel.stats().connections.map(({ phase }) => phase);
  }

  /** Lets time pass in steps of 10 ms, and everything be written. */
  async pass(ms: number): Promise<void> {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      this.nowMs += 10;
      this.#wheel.advance(this.nowMs, (call) => call.owner?.expire(call));
      for (const channel of this.channels) channel.tick(this.nowMs);
    }
    await this.flush();
  }

  /** Lets time pass until so many connections were opened, at most `limitMs`. Resolves with the time in ms. */
  async untilOpened(count: number, limitMs = 10_000): Promise<number> {
    const startMs = this.nowMs;
    while (this.sockets.length < count) {
      assert.ok(this.nowMs - startMs < limitMs, `${this.sockets.length} connections after ${limitMs} ms`);
      await this.pass(10);
    }
    return this.nowMs - startMs;
  }

  async flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Sends a call, and resolves when it is written, if it can be. */
  async call(body: string, timeoutMs = 60_000): Promise<RecordingCall> {
    const call = send(this.channel, body, timeoutMs);
    await this.flush();
    return call;
  }

  /** Opens a connection by a call that is answered. */
  async begin(): Promise<void> {
    const call = await this.call('first');
    this.sockets[0]!.connect();
    await this.flush();
    this.sockets[0]!.answerCalls();
    assert.deepEqual(call.outcomes, ['answer 20 first']);
  }
}
