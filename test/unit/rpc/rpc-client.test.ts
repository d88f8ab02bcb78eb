import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { parseProviderAddress } from '../../../src/config/provider-address.ts';
import type { ConnectFunction } from '../../../src/rpc/client-context.ts';
import { PendingCall } from '../../../src/rpc/pending-call.ts';
import type { RpcFailure } from '../../../src/rpc/rpc-failure.ts';
import { RecordingCall } from './recording-call.ts';
import { createClient, createServer, send, until } from './rpc-fixture.ts';
import { dubboFrame, okAnswer, type ReceivedFrame } from './scripted-server.ts';

function echo(socket: Socket, frame: ReceivedFrame): void {
  if ((frame.flags & 0x60) === 0x40) socket.write(okAnswer(frame));
}

test('times out 20,000 calls in flight and keeps nothing of them', async (context) => {
  const server = await createServer(context, () => {});
  const client = createClient(context);
  const channel = client.channel(server.address, 1);
  send(channel, 'open', 50);
  await until(() => client.pendingCalls === 0, 'the connection is open');
  const frame = dubboFrame(0xc2, 0, 0n, 'x');
  let timeouts = 0;
  class Counting extends PendingCall {
    onFailure(failure: RpcFailure): void {
      if (failure.reason === 'timeout' && failure.sent) timeouts++;
    }

    onAnswer(): void {}

    onSent(): void {}
  }
  const startMs = performance.now();
  for (let i = 0; i < 20_000; i++) channel.send(frame, 0, frame.length, 1_000, new Counting());
  assert.equal(client.pendingCalls, 20_000);
  await until(() => client.pendingCalls === 0, 'all timed out');
  assert.equal(timeouts, 20_000);
  assert.ok(performance.now() - startMs >= 1_000);
  assert.equal(channel.stats().pending, 0);
  assert.equal(channel.stats().counters.timedOut, 20_001);
});

test('lets an answer win that arrived while the process stood still', async (context) => {
  const server = await createServer(context, echo);
  const channel = createClient(context).channel(server.address, 1);
  await send(channel, 'open').settled;
  const call = send(channel, 'a', 100);
  await until(() => server.received.length === 2, 'the server has answered');
  const endMs = performance.now() + 200;
  while (performance.now() < endMs);
  assert.equal(await call.settled, 'answer 20 a');
});

test('gives the same channel for the same address until the last user releases it', async (context) => {
  const server = await createServer(context, echo);
  const client = createClient(context);
  const first = client.channel(server.address, 1);
  const second = client.channel({ ...server.address }, 2);
  assert.equal(first, second);
  await send(first, 'a').settled;
  first.release();
  assert.equal(await send(second, 'b').settled, 'answer 20 b');
  second.release();
  second.release();
  assert.deepEqual(send(second, 'c').outcomes, ['failure client-stopped unsent']);
  await until(() => client.stats().length === 0 && server.sockets.size === 0, 'its connections are closed');
  const third = client.channel(server.address, 1);
  assert.notEqual(third, first);
  assert.equal(await send(third, 'd').settled, 'answer 20 d');
  const { sent, answered, failed } = client.totals();
  assert.deepEqual([sent, answered, failed], [3, 3, 1], 'what gone channels counted is kept');
});

test('lets calls in flight end after their channel was released', async (context) => {
  const held: (() => void)[] = [];
  const server = await createServer(context, (socket, frame) => {
    held.push(() => socket.write(okAnswer(frame)));
  });
  const client = createClient(context);
  const channel = client.channel(server.address, 1);
  const [flying, waiting] = [send(channel, 'a'), send(channel, 'b')];
  channel.release();
  await until(() => held.length === 2, 'calls that waited for the connection are sent');
  assert.equal(client.stats().length, 1);
  for (const answer of held) answer();
  assert.deepEqual(await Promise.all([flying.settled, waiting.settled]), ['answer 20 a', 'answer 20 b']);
  await until(() => client.stats().length === 0, 'the channel is gone');
});

test('fails everything in flight when it is closed', async (context) => {
  const server = await createServer(context, () => {});
  const client = createClient(context);
  const channel = client.channel(server.address, 1);
  const sent = send(channel, 'a');
  await until(() => server.received.length === 1, 'the call arrives');
  const unsent = send(channel, 'b');
  client.close();
  assert.deepEqual(sent.outcomes, ['failure client-stopped sent']);
  assert.deepEqual(unsent.outcomes, ['failure client-stopped unsent']);
  assert.deepEqual(send(channel, 'c').outcomes, ['failure client-stopped unsent']);
  assert.throws(() => client.channel(server.address, 1), /closed/);
  await until(() => server.sockets.size === 0, 'the connection is closed');
});

test('may be closed from within an answer', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    if (frame.body === 'b') for (const known of server.received) socket.write(okAnswer(known));
  });
  const client = createClient(context);
  const channel = client.channel(server.address, 1);
  class Closing extends RecordingCall {
    override onAnswer(): void {
      client.close();
    }
  }
  const frame = dubboFrame(0xc2, 0, 0n, 'a');
  channel.send(frame, 0, frame.length, 1_000, new Closing());
  assert.equal(await send(channel, 'b').settled, 'failure client-stopped sent');
});

test('keeps no process alive once it is closed', () => {
  const module = (path: string): string => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href);
  const code = `
    import { createServer } from 'node:net';
    import { parseProviderAddress } from ${module('config/provider-address.ts')};
    import { PendingCall } from ${module('rpc/pending-call.ts')};
    import { RpcClient } from ${module('rpc/rpc-client.ts')};
    const client = new RpcClient({ connectTimeoutMs: 1000, heartbeatMs: 60000, maxFrameBytes: 1000 });
    class Call extends PendingCall {
      onAnswer() { console.log('answered'); }
      onSent() { console.log('sent'); }
      onFailure({ reason }) { console.log(reason); }
    }
    const server = createServer(() => { server.close(); client.close(); }).listen(0, '127.0.0.1', () => {
      const address = parseProviderAddress('dubbo://127.0.0.1:' + server.address().port);
      const frame = Buffer.from('dabbc200000000000000000000000000', 'hex');
      client.channel(address, 1).send(frame, 0, 16, 60000, new Call());
    });
  `;
  const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    timeout: 60_000,
    cwd: new URL('../../..', import.meta.url),
    encoding: 'utf8',
  });
  assert.equal(run.signal, null);
  assert.equal(run.stdout, 'client-stopped\n', run.stderr);
});

test('looks at every channel, however many there are', async (context) => {
  const sockets: EventEmitter[] = [];
  const connect = (() => {
    const socket = Object.assign(new EventEmitter(), { destroy() {}, setNoDelay() {}, setKeepAlive() {} });
    sockets.push(socket);
    return socket;
  }) as unknown as ConnectFunction;
  const client = createClient(context, { connect, connectTimeoutMs: 50 });
  const channels = Array.from({ length: 350 }, (_, index) =>
    client.channel(parseProviderAddress(`dubbo://127.0.0.1:${index + 1}`), 1),
  );
  const calls = channels.map((channel) => send(channel, 'a', 10_000));
  assert.equal(sockets.length, 350);
  await until(
    () => client.pendingCalls === 0 && channels.every((channel) => channel.stats().counters.connectFailures > 0),
    'all attempts are given up',
  );
  const outcomes = await Promise.all(calls.map(({ settled }) => settled));
  assert.deepEqual([...new Set(outcomes)], ['failure connect-timeout unsent']);
});

test('takes over how long connections live at once, also for those that are open', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    if ((frame.flags & 0x20) !== 0) socket.write(dubboFrame(0x22, 20, frame.id, 'N'));
    else echo(socket, frame);
  });
  const limits = { connectTimeoutMs: 2_000, heartbeatMs: 2_000, maxFrameBytes: 1_000 };
  const client = createClient(context, limits);
  const channel = client.channel(server.address, 1);
  assert.equal(await send(channel, 'a').settled, 'answer 20 a');
  client.configure({ ...limits, connections: { maxAgeMs: 100, maxRequests: 0, idleTimeoutMs: 0 } });
  await until(() => client.totals().renewed >= 2, 'the connection was renewed twice');
  assert.equal(await send(channel, 'b').settled, 'answer 20 b');
  client.configure({ ...limits, connections: { maxAgeMs: 0, maxRequests: 0, idleTimeoutMs: 100 } });
  await until(() => channel.stats().connections.length === 0, 'it is closed');
  assert.equal(await send(channel, 'c').settled, 'answer 20 c');
});
