import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConnectionState } from '../../../src/rpc/connection-state.ts';

const OPTIONS = { connectTimeoutMs: 1_000, heartbeatMs: 60_000 };

function openState(): ConnectionState {
  const state = new ConnectionState(OPTIONS, 0);
  state.onOpen(0);
  return state;
}

test('takes calls while it connects, and gives up at the connect time-out', () => {
  const state = new ConnectionState(OPTIONS, 500);
  assert.equal(state.phase, 'connecting');
  assert.equal(state.takesCalls, true);
  assert.equal(state.isConnected, false);
  assert.equal(state.tick(1_499, 3), 'none');
  assert.equal(state.tick(1_500, 3), 'connect-timeout');
});

test('sends a heartbeat when nothing was read and written for a period', () => {
  const state = openState();
  assert.equal(state.tick(59_999, 0), 'none');
  assert.equal(state.tick(60_000, 0), 'send-heartbeat');
  assert.equal(state.tick(60_010, 0), 'none');
  state.onWrite(60_010);
  state.onRead(60_020);
  assert.equal(state.tick(120_000, 0), 'none');
  assert.equal(state.tick(120_010, 0), 'send-heartbeat');
});

test('sends a heartbeat when only one direction is silent', () => {
  const state = openState();
  state.onWrite(50_000);
  assert.equal(state.tick(60_000, 1), 'send-heartbeat');
  const other = openState();
  other.onRead(50_000);
  assert.equal(other.tick(60_000, 1), 'send-heartbeat');
});

test('is lost after three heartbeats without a byte read', () => {
  const state = openState();
  for (const atMs of [60_000, 120_000, 180_000]) {
    assert.equal(state.tick(atMs - 1, 0), 'none');
    assert.equal(state.tick(atMs, 0), 'send-heartbeat');
    state.onWrite(atMs);
  }
  assert.equal(state.tick(239_999, 0), 'none');
  assert.equal(state.tick(240_000, 0), 'heartbeat-lost');
});

test('counts heartbeats anew after any byte read', () => {
  const state = openState();
  for (const atMs of [60_000, 120_000, 180_000]) assert.equal(state.tick(atMs, 0), 'send-heartbeat');
  state.onRead(239_000);
  state.onWrite(239_000);
  assert.equal(state.tick(240_000, 0), 'none');
  assert.equal(state.tick(299_000, 0), 'send-heartbeat');
});

test('is not lost because the process itself stood still', () => {
  const state = openState();
  assert.equal(state.tick(900_000, 0), 'send-heartbeat');
  assert.equal(state.tick(900_010, 0), 'none');
});

test('drains at READONLY and is open again at WRITEABLE', () => {
  const state = openState();
  assert.equal(state.onReadonly(1_000), true);
  assert.equal(state.onReadonly(1_001), false, 'Dubbo 3 sends it twice');
  assert.equal(state.phase, 'draining');
  assert.equal(state.takesCalls, false);
  assert.equal(state.isConnected, true);
  assert.equal(state.onWriteable(), true);
  assert.equal(state.onWriteable(), false);
  assert.equal(state.phase, 'open');
});

test('closes a drained connection when nothing is in flight, after READONLY not before ten seconds', () => {
  const state = openState();
  state.onReadonly(1_000);
  assert.equal(state.tick(10_999, 0), 'none');
  assert.equal(state.tick(11_000, 1), 'none');
  assert.equal(state.tick(11_000, 0), 'close');
  const drained = openState();
  drained.drain();
  assert.equal(drained.tick(1, 1), 'none');
  assert.equal(drained.tick(1, 0), 'close');
  assert.equal(drained.onWriteable(), false);
});

test('lets calls wait out a connect that drains already', () => {
  const state = new ConnectionState(OPTIONS, 0);
  state.drain();
  assert.equal(state.tick(10, 1), 'none');
  assert.equal(state.tick(1_000, 1), 'connect-timeout');
  state.onOpen(900);
  assert.equal(state.phase, 'draining');
  assert.equal(state.isConnected, true);
});

test('is recycled after sixteen time-outs in a row and a second without an answer', () => {
  const state = openState();
  for (let i = 0; i < 15; i++) state.onCallTimeout();
  assert.equal(state.tick(5_000, 1), 'none');
  state.onCallTimeout();
  assert.equal(state.tick(999, 1), 'none');
  assert.equal(state.tick(1_000, 1), 'recycle');
});

test('forgets time-outs at every answer', () => {
  const state = openState();
  for (let i = 0; i < 15; i++) state.onCallTimeout();
  state.onRead(4_000);
  state.onAnswer();
  for (let i = 0; i < 15; i++) state.onCallTimeout();
  assert.equal(state.tick(9_000, 1), 'none');
  state.onCallTimeout();
  assert.equal(state.tick(4_999, 1), 'none');
  assert.equal(state.tick(5_000, 1), 'recycle');
});

test('does not take heartbeats for answers', () => {
  const state = openState();
  for (let i = 0; i < 16; i++) {
    state.onCallTimeout();
    state.onRead(i * 100);
  }
  assert.equal(state.tick(1_600, 1), 'recycle');
});

test('wants nothing once closed', () => {
  const state = openState();
  state.close();
  assert.equal(state.tick(1e9, 5), 'none');
  assert.equal(state.takesCalls, false);
  assert.equal(state.isConnected, false);
  assert.equal(state.onReadonly(1), false);
  state.drain();
  state.onOpen(2);
  assert.equal(state.phase, 'closed');
});

test('never sends more than three heartbeats in a row into silence, whatever happens', () => {
  const step = fc.record({
    kind: fc.constantFrom('tick' as const, 'tick' as const, 'write' as const, 'timeout' as const, 'readonly' as const),
    passMs: fc.nat(40_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const state = openState();
      let nowMs = 0;
      let heartbeats = 0;
      for (const { kind, passMs } of steps) {
        nowMs += passMs;
        if (kind === 'write') state.onWrite(nowMs);
        else if (kind === 'timeout') state.onCallTimeout();
        else if (kind === 'readonly') state.onReadonly(nowMs);
        else if (state.tick(nowMs, 1) === 'send-heartbeat') heartbeats++;
      }
      assert.ok(heartbeats <= 3);
    }),
    { numRuns: 300 },
  );
});
