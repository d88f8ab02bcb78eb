import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNLIMITED } from '../../../src/rpc/connection-lifetime.ts';
import { ChannelStage } from './channel-stage.ts';

const EARLY = { isEarly: true, maxEarlyDials: 16 };

test('opens all connections of a channel before the first call', async () => {
  const stage = new ChannelStage({ ...EARLY, count: 3 });
  assert.equal(stage.channel.isConnected, false);
  await stage.pass(50);
  assert.equal(stage.sockets.length, 3);
  for (const socket of stage.sockets) socket.connect();
  assert.deepEqual([stage.phases, stage.channel.isConnected], [['open', 'open', 'open'], true]);
  await stage.pass(1_000);
  assert.equal(stage.sockets.length, 3);
});

test('opens none for a client that only looks', async () => {
  const stage = new ChannelStage({ isEarly: true, maxEarlyDials: 0 });
  await stage.pass(5_000);
  assert.equal(stage.sockets.length, 0);
});

test('opens a few at a time, each at a moment of its own', async () => {
  let draws = 0;
  const stage = new ChannelStage({ isEarly: true, maxEarlyDials: 4, channels: 20, random: () => (draws++ % 20) / 20 });
  await stage.pass(40);
  assert.equal(stage.sockets.length, 2, 'they are spread over half a second');
  await stage.pass(150);
  assert.equal(stage.sockets.length, 4, 'no more before one of them is open');
  stage.sockets[0]!.connect();
  await stage.pass(10);
  assert.equal(stage.sockets.length, 5);
  for (let round = 0; round < 60; round++) {
    for (const socket of stage.sockets) socket.connect();
    await stage.pass(10);
  }
  assert.ok(stage.channels.every(({ isConnected }) => isConnected));
});

test('does not let providers that are down keep the others waiting, and looks for them less often', async () => {
  const stage = new ChannelStage({ isEarly: true, maxEarlyDials: 2, channels: 4 });
  await stage.pass(10);
  assert.equal(stage.sockets.length, 2);
  for (const socket of stage.sockets) socket.emit('error', new Error('ECONNREFUSED'));
  await stage.pass(10);
  assert.equal(stage.sockets.length, 4);
  stage.sockets[2]!.connect();
  stage.sockets[3]!.connect();
  await stage.pass(4_900);
  assert.equal(stage.sockets.length, 4);
  await stage.pass(200);
  assert.equal(stage.sockets.length, 6);
});

test('opens one again that is lost, calls or not, and closes none for want of calls', async () => {
  const stage = new ChannelStage({ ...EARLY, limits: { ...UNLIMITED, idleTimeoutMs: 300 } });
  await stage.pass(10);
  stage.sockets[0]!.connect();
  await stage.pass(55_000);
  assert.deepEqual(stage.phases, ['open']);
  await stage.pass(10_000);
  stage.sockets[0]!.answerHeartbeats();
  await stage.pass(100_000);
  stage.sockets[0]!.answerHeartbeats();
  stage.sockets[0]!.emit('close');
  await stage.pass(10);
  assert.equal(stage.sockets.length, 2);
});

test('opens nothing when the channel is released', async () => {
  const stage = new ChannelStage(EARLY);
  stage.channel.release();
  await stage.pass(1_000);
  assert.equal(stage.sockets.length, 0);
  assert.equal(stage.channel.isGone, true);
});
