import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import type { AnswerFrame } from '../../../src/rpc/answer-frame.ts';
import type { RpcEvent } from '../../../src/rpc/client-context.ts';
import { RecordingCall } from './recording-call.ts';
import { createClient, createServer, ONE_WAY_REQUEST, send, until } from './rpc-fixture.ts';
import { dubboFrame, okAnswer, type ReceivedFrame } from './scripted-server.ts';

function echo(socket: Socket, frame: ReceivedFrame): void {
  if ((frame.flags & 0x60) === 0x40) socket.write(okAnswer(frame));
}

test('matches answers that come out of order', async (context) => {
  const held: ReceivedFrame[] = [];
  const server = await createServer(context, (socket, frame) => {
    held.push(frame);
    if (held.length === 3) for (const late of held.reverse()) socket.write(okAnswer(late));
  });
  const channel = createClient(context).channel(server.address, 1);
  const calls = ['a', 'b', 'c'].map((body) => send(channel, body));
  assert.deepEqual(await Promise.all(calls.map((call) => call.settled)), ['answer 20 a', 'answer 20 b', 'answer 20 c']);
  assert.equal(server.accepted, 1);
  assert.equal(channel.stats().pending, 0);
});

test('hands over status and serialization as they came', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    socket.write(dubboFrame(0x17, 70, frame.id, 'text'));
  });
  const channel = createClient(context).channel(server.address, 1);
  class Call extends RecordingCall {
    serialization = 0;
    provider = '';

    override onAnswer(frame: AnswerFrame): void {
      this.serialization = frame.serialization;
      this.provider = frame.provider;
      super.onAnswer(frame);
    }
  }
  const call = new Call();
  const frame = dubboFrame(0xc2, 0, 77n, 'x');
  channel.send(frame, 0, frame.length, 1_000, call);
  assert.equal(await call.settled, 'answer 70 text');
  assert.equal(call.serialization, 23);
  assert.equal(call.provider, server.address.key);
});

test('copies a frame before send returns and leaves the original alone', async (context) => {
  const server = await createServer(context, echo);
  const channel = createClient(context).channel(server.address, 1);
  const buffer = Buffer.concat([Buffer.from('<<'), dubboFrame(0xc2, 0, 5n, 'kept'), Buffer.from('>>')]);
  const before = Buffer.from(buffer);
  const call = new RecordingCall();
  channel.send(buffer, 2, buffer.length - 2, 1_000, call);
  assert.deepEqual(buffer, before);
  buffer.fill(0);
  assert.equal(await call.settled, 'answer 20 kept');
});

test('counts late, duplicate and unknown answers and drops them', async (context) => {
  let slow: ReceivedFrame | undefined;
  const server = await createServer(context, (socket, frame) => {
    if (frame.body === 'slow') slow = frame;
    if (frame.body === 'twice') socket.write(Buffer.concat([okAnswer(frame), okAnswer(frame)]));
    if (frame.body === 'wrong') socket.write(dubboFrame(0x02, 20, frame.id + 1_000n, 'wrong'));
    if (frame.body === 'negative') socket.write(dubboFrame(0x02, 20, -frame.id, 'wrong'));
    if (frame.body === 'end') socket.write(Buffer.concat([okAnswer(slow!), okAnswer(frame)]));
  });
  const channel = createClient(context).channel(server.address, 1);
  assert.equal(await send(channel, 'twice').settled, 'answer 20 twice');
  const late = send(channel, 'slow', 100);
  const wrong = send(channel, 'wrong', 100);
  const negative = send(channel, 'negative', 100);
  const timeouts = await Promise.all([late, wrong, negative].map((call) => call.settled));
  assert.deepEqual(timeouts, Array(3).fill('failure timeout sent'));
  assert.equal(await send(channel, 'end').settled, 'answer 20 end');
  const { counters } = channel.stats();
  assert.deepEqual([counters.late, counters.duplicate, counters.unknown], [1, 1, 2]);
  assert.deepEqual([counters.sent, counters.answered, counters.timedOut], [5, 2, 3]);
  assert.deepEqual(late.outcomes, ['failure timeout sent']);
});

test('never takes an event or a request of the provider for an answer', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    socket.write(dubboFrame(0xa2, 0, frame.id, 'X'));
    socket.write(dubboFrame(0xe2, 0, frame.id, 'N'));
    socket.write(dubboFrame(0x22, 20, frame.id, 'N'));
    socket.write(dubboFrame(0xc2, 0, frame.id, 'call me back'));
    if (frame.flags === 0xc2) socket.write(okAnswer(frame, 'real'));
  });
  const channel = createClient(context).channel(server.address, 1);
  assert.equal(await send(channel, 'x').settled, 'answer 20 real');
  assert.equal(channel.stats().counters.unknown, 1);
});

test('takes answers apart that arrive in pieces', async (context) => {
  const large = 'y'.repeat(300_000);
  const server = await createServer(context, (socket, frame) => {
    const bytes = Buffer.concat([okAnswer(frame), okAnswer({ ...frame, id: frame.id + 1n }, large)]);
    let at = 0;
    const next = (): void => {
      if (at >= bytes.length) return;
      const count = at < 64 ? 1 : 50_000;
      socket.write(bytes.subarray(at, at + count), () => setImmediate(next));
      at += count;
    };
    if (frame.body === 'first') next();
  });
  const channel = createClient(context).channel(server.address, 1);
  const [first, second] = [send(channel, 'first'), send(channel, 'second')];
  assert.equal(await first.settled, 'answer 20 first');
  assert.equal(await second.settled, `answer 20 ${large}`);
});

test('writes all calls of a turn at once', async (context) => {
  const server = await createServer(context, echo);
  const writes: number[] = [];
  const client = createClient(context, {
    connect: (options) => {
      const socket = connect(options);
      const write = socket.write.bind(socket);
      socket.write = ((bytes: Buffer, done: () => void) => {
        writes.push(bytes.length);
        return write(bytes, done);
      }) as typeof socket.write;
      return socket;
    },
  });
  const channel = client.channel(server.address, 1);
  await send(channel, 'open').settled;
  writes.length = 0;
  const calls = Array.from({ length: 1_000 }, () => send(channel, 'abcd'));
  await Promise.all(calls.map((call) => call.settled));
  assert.deepEqual(writes, [1_000 * 20]);
});

test('reports a one-way call as sent once it is flushed', async (context) => {
  const server = await createServer(context, echo);
  const client = createClient(context);
  const channel = client.channel(server.address, 1);
  const call = send(channel, 'fire', 1_000, ONE_WAY_REQUEST);
  assert.deepEqual(call.outcomes, []);
  assert.equal(await call.settled, 'sent');
  assert.equal(call.isPending, false);
  assert.equal(client.pendingCalls, 0);
  await until(() => server.received.some((frame) => frame.body === 'fire'), 'the frame arrives');
});

test('frees a cancelled call at once, and calls nothing of it any more', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    if (frame.body === 'go') for (const known of server.received) socket.write(okAnswer(known));
  });
  const client = createClient(context);
  const channel = client.channel(server.address, 1);
  const call = send(channel, 'cancelled later');
  await until(() => server.received.length === 1, 'the first frame arrives');
  call.cancel();
  call.cancel();
  assert.equal(client.pendingCalls, 0);
  assert.equal(await send(channel, 'go').settled, 'answer 20 go');
  assert.deepEqual(call.outcomes, []);
  assert.deepEqual([channel.stats().counters.cancelled, channel.stats().counters.late], [1, 1]);
});

test('never sends a call that was cancelled or timed out before it was flushed', async (context) => {
  const server = await createServer(context, echo);
  const channel = createClient(context).channel(server.address, 1);
  const [first, gone, last, silent] = [
    send(channel, 'first'),
    send(channel, 'gone'),
    send(channel, 'last'),
    send(channel, 'silent', 1_000, ONE_WAY_REQUEST),
  ];
  gone.cancel();
  silent.cancel();
  assert.equal(await first.settled, 'answer 20 first');
  assert.equal(await last.settled, 'answer 20 last');
  assert.deepEqual([gone.outcomes, silent.outcomes], [[], []]);
  assert.deepEqual(
    server.received.map((frame) => frame.body),
    ['first', 'last'],
  );
  assert.equal(channel.stats().counters.sent, 2);
});

test('fails what is in flight when the provider closes in the middle of a frame', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    if (frame.body === 'b') socket.end(okAnswer(frame, 'half of it').subarray(0, 20));
  });
  const client = createClient(context);
  const channel = client.channel(server.address, 1);
  const calls = ['a', 'b'].map((body) => send(channel, body));
  const outcomes = await Promise.all(calls.map((call) => call.settled));
  assert.deepEqual(outcomes, Array(2).fill('failure connection-lost sent'));
  assert.equal(client.pendingCalls, 0);
  assert.equal(channel.stats().connections.length, 0);
});

test('fails what is in flight when the connection is reset', async (context) => {
  const server = await createServer(context, (socket) => socket.resetAndDestroy());
  const channel = createClient(context).channel(server.address, 1);
  const call = send(channel, 'a');
  assert.equal(await call.settled, 'failure connection-lost sent');
  assert.match(call.failure!.message, /ECONNRESET/);
  assert.equal(call.failure!.provider, server.address.key);
});

test('closes a connection that sends garbage, after the good frames before it', async (context) => {
  let isClosed = false;
  const server = await createServer(context, (socket, frame) => {
    if (frame.body !== 'b') return;
    socket.on('close', () => {
      isClosed = true;
    });
    socket.write(Buffer.concat([okAnswer(frame), Buffer.from('HTTP/1.1 400\r\n')]));
  });
  const channel = createClient(context).channel(server.address, 1);
  const [a, b] = [send(channel, 'a'), send(channel, 'b')];
  assert.equal(await b.settled, 'answer 20 b');
  assert.equal(await a.settled, 'failure protocol-error sent');
  assert.match(a.failure!.message, /magic dabb, got 4854/);
  await until(() => isClosed, 'the connection is closed');
});

test('closes a connection that announces a negative length', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    const answer = okAnswer(frame);
    answer.writeInt32BE(-2, 12);
    socket.write(answer);
  });
  const channel = createClient(context).channel(server.address, 1);
  assert.equal(await send(channel, 'a').settled, 'failure protocol-error sent');
});

test('fails only the call whose answer is too large, and lives on', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    socket.write(okAnswer(frame, frame.body === 'large' ? Buffer.alloc(200_000, 0xda) : 'small'));
  });
  const events: RpcEvent[] = [];
  const client = createClient(context, { maxFrameBytes: 100_000, log: (event) => events.push(event) });
  const channel = client.channel(server.address, 1);
  const [large, small] = [send(channel, 'large'), send(channel, 'x')];
  assert.equal(await large.settled, 'failure frame-too-large sent');
  assert.equal(await small.settled, 'answer 20 small');
  assert.equal(server.accepted, 1);
  assert.equal(channel.stats().counters.oversized, 1);
  assert.ok(events.some((event) => event.type === 'answer-too-large'));
});

test('answers the heartbeats of the provider with their own bytes', async (context) => {
  const answers: string[] = [];
  const server = await createServer(context, (socket, frame) => {
    if ((frame.flags & 0x80) === 0) {
      answers.push(`${frame.flags.toString(16)} ${frame.id} ${Buffer.from(frame.body, 'latin1').toString('hex')}`);
      return;
    }
    socket.write(dubboFrame(0xe2, 0, -5n, 'N'));
    socket.write(dubboFrame(0xa2, 0, 6n, 'N'));
    socket.write(dubboFrame(0xf7, 0, 2n ** 60n, Buffer.from('00000001af', 'hex')));
    socket.write(dubboFrame(0xe2, 0, 8n, Buffer.alloc(65, 0x4e)));
    socket.write(okAnswer(frame));
  });
  const channel = createClient(context).channel(server.address, 1);
  await send(channel, 'x').settled;
  await until(() => answers.length === 2, 'both heartbeats are answered');
  assert.deepEqual(answers, ['22 -5 4e', `37 ${2n ** 60n} 00000001af`]);
  assert.equal(channel.stats().counters.pingsAnswered, 2);
});

test('sends heartbeats into silence and drops a connection that does not answer them', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    if (frame.flags === 0xe2 && server.received.length < 5) socket.write(dubboFrame(0x22, 20, frame.id, 'NN'));
  });
  const events: string[] = [];
  const client = createClient(context, { heartbeatMs: 100, log: (event) => events.push(event.type) });
  const channel = client.channel(server.address, 1);
  const call = send(channel, 'stays open', 4_000);
  assert.equal(await call.settled, 'failure connection-lost sent');
  assert.match(call.failure!.message, /heartbeats/);
  const heartbeats = server.received.filter((frame) => frame.flags === 0xe2 && frame.body === 'N');
  assert.equal(heartbeats.length, 6, 'three answered, three not');
  const { counters } = channel.stats();
  assert.deepEqual([counters.heartbeatsSent, counters.heartbeatsAnswered], [6, 3]);
});

test('goes on when a call throws, and says so in the log', async (context) => {
  const server = await createServer(context, (socket, frame) => {
    if (frame.body !== 'silent') echo(socket, frame);
  });
  const events: RpcEvent[] = [];
  const client = createClient(context, { log: (event) => events.push(event) });
  const channel = client.channel(server.address, 1);
  class Throwing extends RecordingCall {
    override onAnswer(): void {
      throw new Error('in onAnswer');
    }

    override onFailure(): void {
      throw new Error('in onFailure');
    }

    override onSent(): void {
      throw new Error('in onSent');
    }
  }
  const frames = [dubboFrame(0xc2, 0, 0n, 'a'), dubboFrame(0xc2, 0, 0n, 'silent'), dubboFrame(0x82, 0, 0n, 'c')];
  for (const frame of frames) channel.send(frame, 0, frame.length, 30, new Throwing());
  assert.equal(await send(channel, 'after').settled, 'answer 20 after');
  await until(() => events.filter((event) => event.type === 'callback-threw').length === 3, 'all three are logged');
  assert.equal(client.pendingCalls, 0);
});
