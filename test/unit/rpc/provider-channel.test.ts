import assert from 'node:assert/strict';
import { connect, Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parseProviderAddress } from '../../../src/config/provider-address.ts';
import type { RpcFailure } from '../../../src/rpc/rpc-failure.ts';
import { RecordingCall } from './recording-call.ts';
import { createClient, createServer, ONE_WAY_REQUEST, send, until } from './rpc-fixture.ts';
import { dubboFrame, okAnswer, type ReceivedFrame, ScriptedServer } from './scripted-server.ts';

const READONLY = dubboFrame(0xa2, 0, 0n, Buffer.from('0152', 'hex'));
const READONLY_FASTJSON2 = dubboFrame(0xb7, 0, 1n, Buffer.from('000000024a52', 'hex'));
const WRITEABLE = dubboFrame(0xa2, 0, 2n, Buffer.from('0157', 'hex'));

function echo(socket: Socket, frame: ReceivedFrame): void {
  if ((frame.flags & 0x60) === 0x40) socket.write(okAnswer(frame));
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = await ScriptedServer.listen(() => {});
  const { port } = server;
  await server.close();
  return port;
}

test('opens its connection with the first call, and calls wait for it', async (context) => {
  const server = await createServer(context, echo);
  const channel = createClient(context).channel(server.address, 1);
  assert.deepEqual(channel.stats().connections, []);
  assert.equal(channel.isUsable, true);
  const calls = ['a', 'b', 'c'].map((body) => send(channel, body));
  const [connecting, ...others] = channel.stats().connections;
  assert.deepEqual([connecting?.phase, connecting?.pending, others.length], ['connecting', 3, 0]);
  await Promise.all(calls.map((call) => call.settled));
  assert.equal(server.accepted, 1);
  assert.deepEqual(channel.stats().connections, [{ ...connecting, phase: 'open', pending: 0 }]);
  assert.equal(channel.stats().lastFailure, undefined);
});

test('resolves host names', async (context) => {
  const server = await createServer(context, echo);
  const channel = createClient(context).channel(parseProviderAddress(`dubbo://localhost:${server.port}`), 1);
  assert.equal(await send(channel, 'a').settled, 'answer 20 a');
});

test('fails calls to a host that has no address', async (context) => {
  const client = createClient(context, { connectTimeoutMs: 1_000 });
  const channel = client.channel(parseProviderAddress('dubbo://nowhere.invalid:20880'), 1);
  // Some resolvers take longer than a connection may.
  assert.match(await send(channel, 'a').settled, /^failure connect-(failed|timeout) unsent$/);
});

test('looks now and then whether a provider is back that nobody calls any more', async (context) => {
  const port = await closedPort();
  let passedMs = 0;
  const clock = { nowMs: () => performance.now() + passedMs, wallMs: () => 0 };
  const channel = createClient(context, { clock }).channel(parseProviderAddress(`dubbo://127.0.0.1:${port}`), 1);
  assert.equal(await send(channel, 'a').settled, 'failure connect-failed unsent');
  passedMs = 120_000;
  await until(() => channel.stats().counters.connectFailures > 1, 'another look');
  const server = await ScriptedServer.listen(echo, port);
  context.after(() => server.close());
  passedMs += 10_000;
  await until(() => channel.isUsable, 'the provider is back');
  assert.equal(await send(channel, 'b').settled, 'answer 20 b');
});

test('spreads calls evenly over several connections', async (context) => {
  const counts = new Map<Socket, number>();
  const server = await createServer(context, (socket, frame) => {
    counts.set(socket, (counts.get(socket) ?? 0) + 1);
    echo(socket, frame);
  });
  const channel = createClient(context).channel(server.address, 3);
  await send(channel, 'a').settled;
  await until(() => channel.stats().connections.filter(({ phase }) => phase === 'open').length === 3, 'all are open');
  counts.clear();
  await Promise.all(Array.from({ length: 30 }, () => send(channel, 'x').settled));
  assert.deepEqual([...counts.values()], [10, 10, 10]);
  assert.equal(server.accepted, 3);
});

test('fails calls that wait for a refused connection, and then at once while it backs off', async (context) => {
  const address = parseProviderAddress(`dubbo://127.0.0.1:${await closedPort()}`);
  const client = createClient(context, { random: () => 0 });
  const channel = client.channel(address, 1);
  const waiting = send(channel, 'waits');
  assert.equal(await waiting.settled, 'failure connect-failed unsent');
  assert.match(waiting.failure!.message, /ECONNREFUSED/);
  assert.equal(channel.isUsable, false);
  const refused = send(channel, 'refused');
  assert.deepEqual(refused.outcomes, ['failure connect-failed unsent'], 'before send returns');
  assert.match(refused.failure!.message, /ECONNREFUSED/);
  assert.match(channel.stats().lastFailure!.message, /ECONNREFUSED/);
  assert.equal(client.pendingCalls, 0);
});

test('comes back by itself when the provider does', async (context) => {
  const port = await closedPort();
  const channel = createClient(context, { random: () => 0.9 }).channel(
    parseProviderAddress(`dubbo://127.0.0.1:${port}`),
    1,
  );
  assert.equal(await send(channel, 'a').settled, 'failure connect-failed unsent');
  const server = await ScriptedServer.listen(echo, port);
  context.after(() => server.close());
  await until(() => channel.stats().connections.some(({ phase }) => phase === 'open'), 'it is open again');
  assert.equal(channel.isUsable, true);
  assert.equal(await send(channel, 'b').settled, 'answer 20 b');
  assert.ok(channel.stats().counters.connectFailures >= 1);
});

test('opens a lost connection again at once if it had worked', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    if (frame.body === 'die') socket.destroy();
    else echo(socket, frame);
  });
  const channel = createClient(context).channel(server.address, 1);
  await send(channel, 'a').settled;
  assert.equal(await send(channel, 'die').settled, 'failure connection-lost sent');
  assert.equal(await send(channel, 'b').settled, 'answer 20 b');
  assert.equal(channel.stats().counters.reconnects, 1);
});

test('backs off from a provider that accepts and closes', async (context) => {
  const server = await createServer(context, () => {});
  server.onAccept = (socket) => socket.destroy();
  const channel = createClient(context, { random: () => 0 }).channel(server.address, 1);
  await send(channel, 'a').settled;
  assert.deepEqual(send(channel, 'b').outcomes, ['failure connect-failed unsent']);
  const ms = await passed(250);
  assert.ok(server.accepted <= 3 + (ms - 250) / 100, `${server.accepted} connections within ${ms} ms`);
});

test('gives up a connection that does not open in time, and sends nothing of it later', async (context) => {
  const client = createClient(context, { connectTimeoutMs: 1_500, connect: () => new Socket() });
  const channel = client.channel(parseProviderAddress('dubbo://192.0.2.1:20880'), 1);
  const [patient, hasty] = [send(channel, 'a', 5_000), send(channel, 'b', 30)];
  await until(() => hasty.outcomes.length > 0, 'the hasty call is over');
  assert.deepEqual(hasty.outcomes, ['failure timeout unsent']);
  assert.deepEqual(patient.outcomes, []);
  await until(() => patient.outcomes.length > 0, 'the patient call is over');
  assert.deepEqual(patient.outcomes, ['failure connect-timeout unsent']);
  assert.equal(channel.stats().counters.sent, 0);
});

test('puts new calls on a fresh connection after READONLY and waits for those in flight', async (context) => {
  const held: (() => void)[] = [];
  const server = await createServer(context, (socket, frame) => {
    if (frame.body === 'slow') held.push(() => socket.write(okAnswer(frame)));
    else echo(socket, frame);
    if (frame.body === 'warn') socket.write(Buffer.concat([READONLY, READONLY]));
  });
  const channel = createClient(context).channel(server.address, 1);
  const slow = send(channel, 'slow');
  await send(channel, 'warn').settled;
  await until(() => channel.stats().connections[0]?.phase === 'draining', 'it drains');
  assert.equal(channel.isUsable, false, 'others are to be preferred');
  assert.equal(await send(channel, 'new').settled, 'answer 20 new');
  assert.equal(server.accepted, 2);
  assert.deepEqual(
    channel.stats().connections.map(({ phase }) => phase),
    ['open', 'draining'],
  );
  for (const answer of held) answer();
  assert.equal(await slow.settled, 'answer 20 slow');
});

test('understands READONLY in fastjson2, and WRITEABLE', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    echo(socket, frame);
    if (frame.body === 'stop') socket.write(READONLY_FASTJSON2);
  });
  const channel = createClient(context).channel(server.address, 1);
  await send(channel, 'stop').settled;
  await until(() => channel.stats().connections[0]?.phase === 'draining', 'it drains');
  for (const socket of server.sockets) socket.write(WRITEABLE);
  await until(() => channel.stats().connections[0]?.phase === 'open', 'it is taken back');
  assert.equal(channel.isUsable, true);
  assert.equal(await send(channel, 'a').settled, 'answer 20 a');
  assert.equal(server.accepted, 1);
});

test('does not storm a provider that says READONLY to every connection', async (context) => {
  const server = await createServer(context, () => {});
  server.onAccept = (socket) => socket.write(READONLY);
  const client = createClient(context, { random: () => 0 });
  const channel = client.channel(server.address, 1);
  const ms = await passed(300, () => void send(channel, 'x', 20));
  assert.ok(server.accepted <= 4 + (ms - 300) / 100, `${server.accepted} connections within ${ms} ms`);
});

test('replaces a connection whose calls keep timing out, without harm to those in flight', async (context) => {
  const held: (() => void)[] = [];
  const server = await createServer(context, (socket, frame) => {
    if (server.accepted > 1) echo(socket, frame);
    else if (frame.body === 'patient') held.push(() => socket.write(okAnswer(frame)));
  });
  const channel = createClient(context).channel(server.address, 1);
  const patient = send(channel, 'patient', 5_000);
  const stuck = Array.from({ length: 16 }, () => send(channel, 'stuck', 30));
  for (const call of stuck) assert.equal(await call.settled, 'failure timeout sent');
  await until(() => channel.stats().counters.recycled === 1, 'it is recycled');
  assert.equal(await send(channel, 'a').settled, 'answer 20 a');
  held[0]!();
  assert.equal(await patient.settled, 'answer 20 patient');
  await until(() => server.sockets.size === 1, 'the old connection is closed');
});

test('refuses calls while too many bytes wait for a provider that does not read', async (context) => {
  const server = await createServer(context, () => {});
  server.onAccept = (socket) => socket.pause();
  const client = createClient(context, { maxFrameBytes: 4 * 1024 * 1024 });
  const channel = client.channel(server.address, 1);
  const body = 'z'.repeat(4 * 1024 * 1024);
  const calls: RecordingCall[] = [];
  for (let i = 0; i < 40; i++) {
    calls.push(send(channel, body, 60_000));
    await delay(2);
  }
  const refused = calls.filter((call) => call.outcomes[0] === 'failure backlog-full unsent');
  assert.ok(refused.length > 10, `${refused.length} refused`);
  client.close();
  for (const call of calls) assert.equal(call.outcomes.length, 1);
});

test('refuses a call that is larger than a frame may be', async (context) => {
  const server = await createServer(context, echo);
  const client = createClient(context, { maxFrameBytes: 1_000 });
  const channel = client.channel(server.address, 1);
  assert.deepEqual(send(channel, 'x'.repeat(1_001)).outcomes, ['failure request-too-large unsent']);
  assert.equal(await send(channel, 'x'.repeat(1_000)).settled, `answer 20 ${'x'.repeat(1_000)}`);
});

test('throws for a call that cannot be', async (context) => {
  const server = await createServer(context, echo);
  const channel = createClient(context).channel(server.address, 1);
  const frame = dubboFrame(0xc2, 0, 0n, 'a');
  for (const timeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => channel.send(frame, 0, frame.length, timeoutMs, new RecordingCall()), RangeError);
  }
  assert.throws(() => channel.send(frame, 0, 15, 1_000, new RecordingCall()), RangeError);
  const call = send(channel, 'a');
  assert.throws(() => channel.send(frame, 0, frame.length, 1_000, call), /pending already/);
  assert.equal(await call.settled, 'answer 20 a');
});

test('lets a failed call be sent again from within its failure', async (context) => {
  const server = await createServer(context, echo);
  const client = createClient(context);
  const dead = client.channel(parseProviderAddress(`dubbo://127.0.0.1:${await closedPort()}`), 1);
  const alive = client.channel(server.address, 1);
  const frame = dubboFrame(0xc2, 0, 0n, 'moved');
  class Moving extends RecordingCall {
    override onFailure(failure: RpcFailure): void {
      super.onFailure(failure);
      if (!failure.sent && this.outcomes.length === 1) alive.send(frame, 0, frame.length, 1_000, this);
    }
  }
  const calls = Array.from({ length: 5 }, () => new Moving());
  for (const call of calls) dead.send(frame, 0, frame.length, 1_000, call);
  await until(() => calls.every((call) => call.outcomes.length === 2), 'all are answered elsewhere');
  for (const call of calls) assert.deepEqual(call.outcomes, ['failure connect-failed unsent', 'answer 20 moved']);
});

test('fails no call that another call cancelled while the connection was lost', async (context) => {
  const server = await createServer(context, (socket) => socket.destroy());
  const client = createClient(context);
  const channel = client.channel(server.address, 1);
  const victim = new RecordingCall();
  class Cancelling extends RecordingCall {
    override onFailure(failure: RpcFailure): void {
      victim.cancel();
      super.onFailure(failure);
    }
  }
  const frame = dubboFrame(0xc2, 0, 0n, 'a');
  const call = new Cancelling();
  channel.send(frame, 0, frame.length, 1_000, call);
  channel.send(frame, 0, frame.length, 1_000, victim);
  assert.equal(await call.settled, 'failure connection-lost sent');
  assert.deepEqual(victim.outcomes, []);
  assert.equal(client.pendingCalls, 0);
});

test('sends one-way calls that waited for the connection', async (context) => {
  const server = await createServer(context, echo);
  const channel = createClient(context).channel(server.address, 1);
  const calls = Array.from({ length: 3 }, (_, index) => send(channel, `n${index}`, 1_000, ONE_WAY_REQUEST));
  assert.deepEqual(await Promise.all(calls.map((call) => call.settled)), ['sent', 'sent', 'sent']);
  await until(() => server.received.length === 3, 'all arrive');
});

test('keeps the order of calls across a busy socket', async (context) => {
  const server = await createServer(context, echo);
  let delayed = 0;
  const client = createClient(context, {
    connect: (options) => {
      const socket = connect(options);
      const write = socket.write.bind(socket);
      socket.write = ((bytes: Buffer, done: (error?: Error | null) => void) =>
        write(bytes, (error) => {
          delayed++;
          setTimeout(done, 5, error);
        })) as typeof socket.write;
      return socket;
    },
  });
  const channel = client.channel(server.address, 1);
  const calls: RecordingCall[] = [];
  for (let i = 0; i < 20; i++) {
    calls.push(send(channel, `call ${i}`));
    await delay(1);
  }
  const outcomes = await Promise.all(calls.map((call) => call.settled));
  assert.deepEqual(
    outcomes,
    calls.map((_, index) => `answer 20 call ${index}`),
  );
  assert.ok(delayed < 20, 'what came while the socket was busy left together');
  assert.deepEqual(
    server.received.map((frame) => frame.body),
    calls.map((_, index) => `call ${index}`),
  );
});

/** Waits, doing this again and again; gives the time in ms that it has taken, which is more on a busy machine. */
async function passed(leastMs: number, act = () => {}): Promise<number> {
  const startMs = performance.now();
  while (performance.now() - startMs < leastMs) {
    act();
    await delay(2);
  }
  return performance.now() - startMs;
}
