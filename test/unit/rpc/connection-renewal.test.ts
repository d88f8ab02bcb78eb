import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ConnectionLimits, UNLIMITED } from '../../../src/rpc/connection-lifetime.ts';
import { ChannelStage } from './channel-stage.ts';
import type { RecordingCall } from './recording-call.ts';
import { dubboFrame } from './scripted-server.ts';

const AGE: ConnectionLimits = { ...UNLIMITED, maxAgeMs: 1_000 };
const READONLY = dubboFrame(0xa2, 0, 0n, Buffer.from('0152', 'hex'));

test('opens another connection beside one of age, and changes over when it has answered a heartbeat', async () => {
  const stage = new ChannelStage({ limits: AGE });
  await stage.begin();
  await stage.pass(990);
  assert.equal(stage.sockets.length, 1);
  await stage.untilOpened(2, 150);
  assert.deepEqual(stage.phases, ['open', 'connecting']);
  const [old, next] = stage.sockets;
  const slow = await stage.call('slow');
  assert.equal(old!.calls.length, 1, 'calls do not wait for the new one');

  next!.connect();
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
  const stage = new ChannelStage({ limits: { ...UNLIMITED, maxRequests: 3 } });
  await stage.begin();
  await stage.pass(200_000);
  assert.ok(stage.sockets[0]!.heartbeats.length > 1);
  await stage.call('second');
  await stage.pass(200);
  assert.equal(stage.sockets.length, 1);
  await stage.call('third');
  await stage.untilOpened(2, 150);
});

test('renews one of several connections at a time, and none while calls end on the last one', async () => {
  const stage = new ChannelStage({ limits: AGE, count: 3 });
  for (let index = 0; index < 3; index++) {
    await stage.call('a');
    stage.sockets[index]!.connect();
    await stage.flush();
  }
  const slow = await stage.call('slow');
  const busy = stage.sockets.find(({ calls }) => calls.some(({ body }) => body === 'slow'))!;
  for (const socket of stage.sockets) if (socket !== busy) socket.answerCalls();
  await stage.pass(1_000);
  for (let renewed = 0; renewed < 10; renewed++) {
    assert.ok(stage.open.length <= 4, `${stage.open.length} connections`);
    const next = stage.sockets.at(-1)!;
    if (next.heartbeats.length === 0) next.connect();
    await stage.flush();
    next.answerHeartbeats();
    await stage.pass(100);
  }
  assert.deepEqual(stage.phases.toSorted(), ['draining', 'open', 'open', 'open']);
  const connections = stage.sockets.length;
  busy.answerCalls();
  assert.equal(slow.outcomes.length, 1);
  await stage.pass(20);
  assert.equal(busy.isDestroyed, true);
  await stage.untilOpened(connections + 1, 1_100);
});

test('keeps the connection where another cannot be opened, and tries again after a while', async () => {
  const stage = new ChannelStage({ limits: AGE });
  await stage.begin();
  await stage.untilOpened(2, 1_100);
  stage.sockets[1]!.emit('error', new Error('ECONNREFUSED'));
  assert.equal(stage.channel.isUsable, true);
  const call = await stage.call('a');
  stage.sockets[0]!.answerCalls();
  assert.deepEqual(call.outcomes, ['answer 20 a']);
  assert.ok((await stage.untilOpened(3)) >= 5_000);
  assert.equal(stage.channel.stats().counters.connectFailures, 1);
});

test('does not change over to what accepts a connection and says nothing', async () => {
  const stage = new ChannelStage({ limits: AGE });
  await stage.begin();
  await stage.untilOpened(2, 1_100);
  const mute = stage.sockets[1]!;
  mute.connect();
  await stage.pass(390);
  assert.equal(mute.isDestroyed, false);
  await stage.pass(20);
  assert.equal(mute.isDestroyed, true);
  assert.deepEqual(stage.phases, ['open']);
  assert.equal(stage.channel.isUsable, true);
});

test('does not change over to an instance that is about to stop', async () => {
  const stage = new ChannelStage({ limits: AGE });
  await stage.begin();
  await stage.untilOpened(2, 1_100);
  stage.sockets[1]!.connect();
  stage.sockets[1]!.receive(READONLY);
  assert.deepEqual([stage.phases, stage.channel.isUsable], [['open'], true]);
  assert.equal(stage.sockets[1]!.isDestroyed, true);
});

test('takes the new connection at once when the old one is lost, or about to end', async () => {
  for (const end of ['lost', 'readonly'] as const) {
    const stage = new ChannelStage({ limits: AGE });
    await stage.begin();
    await stage.untilOpened(2, 1_100);
    if (end === 'lost') stage.sockets[0]!.emit('close');
    else stage.sockets[0]!.receive(READONLY);
    const call = await stage.call('a');
    assert.equal(stage.sockets.length, 2, 'no third one');
    stage.sockets[1]!.connect();
    await stage.flush();
    stage.sockets[1]!.answerCalls();
    assert.deepEqual(call.outcomes, ['answer 20 a'], end);
  }
});

test('gives up the new connection with the last user of the channel', async () => {
  const stage = new ChannelStage({ limits: AGE });
  await stage.begin();
  await stage.untilOpened(2, 1_100);
  stage.channel.release();
  assert.equal(stage.sockets[1]!.isDestroyed, true);
  await stage.pass(10);
  assert.deepEqual(stage.open, []);
  assert.equal(stage.channel.isGone, true);
});

test('closes a connection without calls, and opens one again for the next call only', async () => {
  const stage = new ChannelStage({ limits: { ...UNLIMITED, idleTimeoutMs: 500 } });
  await stage.begin();
  const slow = await stage.call('slow');
  await stage.pass(2_000);
  assert.equal(stage.open.length, 1, 'a call is in flight');
  stage.sockets[0]!.answerCalls();
  assert.equal(slow.outcomes.length, 1);
  await stage.pass(490);
  assert.equal(stage.open.length, 1);
  await stage.pass(150);
  assert.equal(stage.open.length, 0);
  await stage.pass(100_000);
  assert.equal(stage.sockets.length, 1);
  const { counters, isUsable, lastFailure } = stage.channel.stats();
  assert.deepEqual([counters.idleClosed, isUsable, lastFailure], [1, true, undefined]);
  assert.equal(stage.channel.tick(stage.nowMs), 0, 'nothing is left to time');
  const call = await stage.call('again');
  stage.sockets[1]!.connect();
  await stage.flush();
  stage.sockets[1]!.answerCalls();
  assert.deepEqual(call.outcomes, ['answer 20 again']);
});

const STEPS = [
  'call',
  'call',
  'answer',
  'connect',
  'connect',
  'heartbeat',
  'heartbeat',
  'pass',
  'wait',
  'refuse',
] as const;
const NOT_OPENED = 'no connection within 200 ms';
const LIMITS = { maxAgeMs: 400, maxRequests: 7, idleTimeoutMs: 700 };

test('loses no call and has never more than one connection too many, whatever happens', async () => {
  let renewed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...STEPS), { minLength: 100, maxLength: 300 }),
      fc.integer({ min: 1, max: 3 }),
      async (steps, count) => {
        const stage = new ChannelStage({ limits: LIMITS, count });
        const calls: RecordingCall[] = [];
        await stage.begin();
        for (const step of steps) {
          await take(step, stage, calls, count);
          assert.ok(stage.open.length <= count + 1, `${stage.open.length} connections`);
        }
        for (let round = 0; round < 5; round++) {
          for (const socket of stage.open) socket.connect();
          await stage.flush();
          for (const socket of stage.open) socket.answerCalls();
        }
        for (const { outcomes, failure } of calls) {
          assert.equal(outcomes.length, 1);
          // A first connection that the steps did not let open in time fails those who wait for it, and those who come
          // before it is tried again; no other call may fail.
          if (failure === undefined) assert.match(outcomes[0]!, /^answer 20 c\d+$/);
          else assert.deepEqual([failure.sent, failure.message], [false, NOT_OPENED]);
        }
        renewed += stage.channel.stats().counters.renewed;
      },
    ),
    { numRuns: 100 },
  );
  assert.ok(renewed > 30, `${renewed} renewed`);
});

async function take(
  step: (typeof STEPS)[number],
  stage: ChannelStage,
  calls: RecordingCall[],
  count: number,
): Promise<void> {
  const unconnected = stage.open.findLast((socket) => !socket.isConnected);
  if (step === 'call') calls.push(await stage.call(`c${calls.length}`));
  else if (step === 'answer') for (const socket of stage.open) socket.answerCalls();
  else if (step === 'heartbeat') for (const socket of stage.open) socket.answerHeartbeats();
  else if (step === 'pass') await stage.pass(20);
  else if (step === 'wait') await stage.pass(100);
  else if (step === 'connect') unconnected?.connect();
  // A connection that is one too many is a successor: no call waits for it.
  else if (stage.open.length > count) unconnected?.emit('error', new Error('refused'));
}
