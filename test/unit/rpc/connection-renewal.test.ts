import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProviderAddress } from '../../../src/config/provider-address.ts';
import type { ClientContext } from '../../../src/rpc/client-context.ts';
import { type ConnectionLimits, UNLIMITED } from '../../../src/rpc/connection-lifetime.ts';
import type { PendingCall } from '../../../src/rpc/pending-call.ts';
import { ProviderChannel } from '../../../src/rpc/provider-channel.ts';
import { TimerWheel } from '../../../src/time/timer-wheel.ts';
import type { RecordingCall } from './recording-call.ts';
import { send } from './rpc-fixture.ts';
import { dubboFrame, okAnswer, type ReceivedFrame } from './scripted-server.ts';

const AGE: ConnectionLimits = { ...UNLIMITED, maxAgeMs: 1_000 };
const READONLY = dubboFrame(0xa2, 0, 0n, Buffer.from('0152', 'hex'));

/** A socket in memory that does what its test says. */
class FakeSocket extends EventEmitter {
  isDestroyed = false;
  readonly calls: ReceivedFrame[] = [];
  readonly heartbeats: ReceivedFrame[] = [];
  readonly #read: { buffer: Buffer; callback: (length: number) => boolean };

  constructor(onread: { buffer: Buffer; callback: (length: number) => boolean }) {
    super();
    this.#read = onread;
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

/** A channel whose time and sockets are in the hands of the test. */
class Stage {
  readonly sockets: FakeSocket[] = [];
  readonly channel: ProviderChannel;
  readonly #wheel = new TimerWheel<PendingCall>(0, { tickMs: 10 });
  nowMs = 0;

  constructor(connections: ConnectionLimits, count = 1) {
    const context: ClientContext = {
      connectTimeoutMs: 200,
      heartbeatMs: 60_000,
      maxFrameBytes: 10_000,
      connections,
      recycleAfterTimeouts: 16,
      clock: { nowMs: () => this.nowMs, wallMs: () => 0 },
      random: () => 0,
      connect: ({ onread }) => {
        const socket = new FakeSocket(onread as ConstructorParameters<typeof FakeSocket>[0]);
        this.sockets.push(socket);
        return socket as unknown as Socket;
      },
      log: () => {},
      wheel: this.#wheel,
      wake: () => {},
    };
    this.channel = new ProviderChannel(parseProviderAddress('dubbo://192.0.2.1:20880'), context, () => {});
    this.channel.retain(count);
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
      this.channel.tick(this.nowMs);
    }
    await this.flush();
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
    this.sockets[0]!.emit('connect');
    await this.flush();
    this.sockets[0]!.answerCalls();
    assert.deepEqual(call.outcomes, ['answer 20 first']);
  }
}

test('opens another connection beside one of age, and changes over when it has answered a heartbeat', async () => {
  const stage = new Stage(AGE);
  await stage.begin();
  await stage.pass(990);
  assert.equal(stage.sockets.length, 1);
  await stage.pass(10);
  assert.deepEqual(stage.phases, ['open', 'connecting']);
  const [old, next] = stage.sockets;
  const slow = await stage.call('slow');
  assert.equal(old!.calls.length, 1, 'calls do not wait for the new one');

  next!.emit('connect');
  await stage.call('meanwhile');
  assert.deepEqual([old!.calls.length, next!.calls.length, next!.heartbeats.length], [2, 0, 1]);
  next!.answerHeartbeats();
  await stage.call('later');
  assert.deepEqual([old!.calls.length, next!.calls.length], [2, 1]);
  assert.deepEqual(stage.phases, ['open', 'draining']);

  await stage.pass(100);
  assert.equal(old!.isDestroyed, false, 'a call is in flight there');
  old!.answerCalls();
  assert.deepEqual(slow.outcomes, ['answer 20 slow']);
  await stage.pass(10);
  assert.equal(old!.isDestroyed, true);
  const { counters, lastFailure } = stage.channel.stats();
  assert.deepEqual([counters.renewed, counters.connected, counters.reconnects, counters.failed], [1, 2, 0, 0]);
  assert.equal(lastFailure, undefined);
});

test('replaces a connection after so many calls; heartbeats are none', async () => {
  const stage = new Stage({ ...UNLIMITED, maxRequests: 3 });
  await stage.begin();
  await stage.pass(200_000);
  assert.ok(stage.sockets[0]!.heartbeats.length > 1);
  await stage.call('second');
  await stage.pass(10);
  assert.equal(stage.sockets.length, 1);
  await stage.call('third');
  await stage.pass(10);
  assert.equal(stage.sockets.length, 2);
});

test('renews one of several connections at a time, and none while calls end on the last one', async () => {
  const stage = new Stage(AGE, 3);
  for (let index = 0; index < 3; index++) {
    await stage.call('a');
    stage.sockets[index]!.emit('connect');
    await stage.flush();
  }
  const slow = await stage.call('slow');
  const busy = stage.sockets.find(({ calls }) => calls.some(({ body }) => body === 'slow'))!;
  for (const socket of stage.sockets) if (socket !== busy) socket.answerCalls();
  await stage.pass(1_000);
  for (let renewed = 0; renewed < 10; renewed++) {
    assert.ok(stage.open.length <= 4, `${stage.open.length} connections`);
    const next = stage.sockets.at(-1)!;
    if (next.heartbeats.length === 0) next.emit('connect');
    await stage.flush();
    next.answerHeartbeats();
    await stage.pass(20);
  }
  assert.deepEqual(stage.phases.toSorted(), ['draining', 'open', 'open', 'open']);
  const connections = stage.sockets.length;
  busy.answerCalls();
  assert.equal(slow.outcomes.length, 1);
  await stage.pass(20);
  assert.ok(busy.isDestroyed && stage.sockets.length > connections, 'now it is the turn of the next');
});

test('keeps the connection where another cannot be opened, and tries again after a while', async () => {
  const stage = new Stage(AGE);
  await stage.begin();
  await stage.pass(1_000);
  stage.sockets[1]!.emit('error', new Error('ECONNREFUSED'));
  assert.equal(stage.channel.isUsable, true);
  const call = await stage.call('a');
  stage.sockets[0]!.answerCalls();
  assert.deepEqual(call.outcomes, ['answer 20 a']);
  await stage.pass(4_980);
  assert.equal(stage.sockets.length, 2);
  await stage.pass(40);
  assert.equal(stage.sockets.length, 3);
  assert.equal(stage.channel.stats().counters.connectFailures, 1);
});

test('does not change over to what accepts a connection and says nothing', async () => {
  const stage = new Stage(AGE);
  await stage.begin();
  await stage.pass(1_000);
  const mute = stage.sockets[1]!;
  mute.emit('connect');
  await stage.pass(390);
  assert.equal(mute.isDestroyed, false);
  await stage.pass(20);
  assert.equal(mute.isDestroyed, true);
  assert.deepEqual(stage.phases, ['open']);
  assert.equal(stage.channel.isUsable, true);
});

test('does not change over to an instance that is about to stop', async () => {
  const stage = new Stage(AGE);
  await stage.begin();
  await stage.pass(1_000);
  stage.sockets[1]!.emit('connect');
  stage.sockets[1]!.receive(READONLY);
  assert.deepEqual([stage.phases, stage.channel.isUsable], [['open'], true]);
  assert.equal(stage.sockets[1]!.isDestroyed, true);
});

test('takes the new connection at once when the old one is lost, or about to end', async () => {
  for (const end of ['lost', 'readonly'] as const) {
    const stage = new Stage(AGE);
    await stage.begin();
    await stage.pass(1_000);
    if (end === 'lost') stage.sockets[0]!.emit('close');
    else stage.sockets[0]!.receive(READONLY);
    const call = await stage.call('a');
    assert.equal(stage.sockets.length, 2, 'no third one');
    stage.sockets[1]!.emit('connect');
    await stage.flush();
    stage.sockets[1]!.answerCalls();
    assert.deepEqual(call.outcomes, ['answer 20 a'], end);
  }
});

test('gives up the new connection with the last user of the channel', async () => {
  const stage = new Stage(AGE);
  await stage.begin();
  await stage.pass(1_000);
  stage.channel.release();
  assert.equal(stage.sockets[1]!.isDestroyed, true);
  await stage.pass(10);
  assert.deepEqual(stage.open, []);
  assert.equal(stage.channel.isGone, true);
});

test('closes a connection without calls, and opens one again for the next call only', async () => {
  const stage = new Stage({ ...UNLIMITED, idleTimeoutMs: 500 });
  await stage.begin();
  const slow = await stage.call('slow');
  await stage.pass(2_000);
  assert.equal(stage.open.length, 1, 'a call is in flight');
  stage.sockets[0]!.answerCalls();
  assert.equal(slow.outcomes.length, 1);
  await stage.pass(490);
  assert.equal(stage.open.length, 1);
  await stage.pass(30);
  assert.equal(stage.open.length, 0);
  await stage.pass(100_000);
  assert.equal(stage.sockets.length, 1);
  const { counters, isUsable, lastFailure } = stage.channel.stats();
  assert.deepEqual([counters.idleClosed, isUsable, lastFailure], [1, true, undefined]);
  assert.equal(stage.channel.tick(stage.nowMs), 0, 'nothing is left to time');
  const call = await stage.call('again');
  stage.sockets[1]!.emit('connect');
  await stage.flush();
  stage.sockets[1]!.answerCalls();
  assert.deepEqual(call.outcomes, ['answer 20 again']);
});

test('loses no call and has never more than one connection too many, whatever happens', async () => {
  const step = fc.constantFrom('call', 'answer', 'connect', 'heartbeat', 'pass', 'pass', 'refuse', 'age');
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 120 }),
      fc.integer({ min: 1, max: 3 }),
      async (steps, count) => {
        const stage = new Stage({ maxAgeMs: 400, maxRequests: 7, idleTimeoutMs: 700 }, count);
        const calls: RecordingCall[] = [];
        await stage.begin();
        for (const what of steps) {
          const unconnected = stage.open.find(
            (socket) => socket.listenerCount('connect') > 0 && !connected.has(socket),
          );
          if (what === 'call') calls.push(await stage.call(`c${calls.length}`));
          else if (what === 'answer') for (const socket of stage.open) socket.answerCalls();
          else if (what === 'heartbeat') for (const socket of stage.open) socket.answerHeartbeats();
          else if (what === 'pass') await stage.pass(20);
          else if (what === 'age') await stage.pass(100);
          else if (unconnected !== undefined && unconnected !== stage.sockets[0]) {
            // Only a connection that no call waits for is refused: that would be a lost call of the test's own making.
            const isSuccessor =
              stage.channel.stats().connections.at(-1)?.phase === 'connecting' && stage.open.length > count;
            if (what === 'connect' || !isSuccessor) {
              connected.add(unconnected);
              unconnected.emit('connect');
            } else unconnected.emit('error', new Error('refused'));
          }
          assert.ok(stage.open.length <= count + 1, `${stage.open.length} connections`);
        }
        for (let round = 0; round < 5; round++) {
          for (const socket of stage.open) {
            if (!connected.has(socket)) {
              connected.add(socket);
              socket.emit('connect');
            }
          }
          await stage.flush();
          for (const socket of stage.open) socket.answerCalls();
        }
        for (const call of calls) {
          assert.equal(call.outcomes.length, 1);
          if (!call.outcomes[0]!.startsWith('answer 20 c'))
            assert.equal(call.outcomes[0], 'failure connect-timeout unsent');
        }
      },
    ),
    { numRuns: 60 },
  );
});

const connected = new WeakSet<FakeSocket>();
