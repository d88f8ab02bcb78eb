import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { CallSlots } from '../../../src/rpc/call-slots.ts';
import { RecordingCall } from './recording-call.ts';

/** Bytes a call: with a Map 450, without 95, which are those in flight when it is collected. */
const MOST_KEPT = 200;

type Collect = (options?: { type: 'minor' }) => void;

function collector(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}

test('holds what a Map would hold, whatever is entered and taken out', () => {
  // Ids as they come, ids that share their low bits, and ids past 2^32.
  const id = fc.oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 1, max: 300 }).map((n) => n * 65_536),
    fc.integer({ min: 1, max: 300 }).map((n) => n + 2 ** 40),
  );
  const step = fc.tuple(fc.constantFrom('add', 'add', 'take', 'take all of few'), id);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
      const slots = new CallSlots();
      const expected = new Map<number, RecordingCall>();
      for (const [what, number] of steps) {
        if (what === 'add' && !expected.has(number)) {
          const call = new RecordingCall();
          slots.add(number, call);
          expected.set(number, call);
        } else if (what === 'take') {
          assert.equal(slots.take(number), expected.get(number));
          expected.delete(number);
        } else if (expected.size < 3) {
          const inOrder = [...expected].sort(([a], [b]) => a - b).map(([, call]) => call);
          assert.deepEqual(slots.takeAll(), inOrder);
          expected.clear();
        }
        assert.equal(slots.size, expected.size);
        assert.equal(slots.get(number), expected.get(number));
      }
      for (const [number, call] of expected) assert.equal(slots.take(number), call);
      assert.equal(slots.size, 0);
    }),
  );
});

test('finds all after a stall has filled it, and takes all out in the order of their ids', () => {
  const slots = new CallSlots();
  const calls = Array.from({ length: 5_000 }, () => new RecordingCall());
  for (const [index, call] of calls.entries()) slots.add(index + 1, call);
  for (let id = 1; id <= 5_000; id += 2) assert.equal(slots.take(id), calls[id - 1]);
  for (let id = 1; id <= 5_000; id++) assert.equal(slots.get(id), id % 2 === 0 ? calls[id - 1] : undefined);
  assert.deepEqual(
    slots.takeAll(),
    calls.filter((_, index) => index % 2 === 1),
  );
  slots.add(7, calls[0]!);
  assert.equal(slots.take(7), calls[0]);
});

test('has nothing for ids that no call can have', () => {
  const slots = new CallSlots();
  slots.add(1, new RecordingCall());
  for (const id of [0, -1, 2, 2 ** 32 + 1, 2 ** 53, Number.NaN]) {
    assert.equal(slots.get(id), undefined);
    assert.equal(slots.take(id), undefined);
  }
  assert.equal(slots.size, 1);
});

test('keeps no call that has ended from a short collection, also once it has grown old itself', async () => {
  const collect = collector();
  const slots = new CallSlots();
  const inFlight = 64;
  let id = 0;
  const goOn = async (calls: number): Promise<void> => {
    for (const end = id + calls; id < end; ) {
      slots.add(++id, new RecordingCall());
      if (id > inFlight) slots.take(id - inFlight);
      if (id % 500 !== 0) continue;
      await nextTurn();
      collect({ type: 'minor' });
    }
  };
  await goOn(2_000);
  // What is alive now is old from then on.
  collect();
  await goOn(2_000);
  const before = oldBytes();
  await goOn(20_000);
  const grown = oldBytes() - before;
  assert.ok(grown < 20_000 * MOST_KEPT, `${grown} bytes of 20,000 calls are kept`);
});

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')!.space_used_size;
}
