import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TimerEntry, TimerWheel } from '../../../src/time/timer-wheel.ts';

class Named extends TimerEntry {
  readonly name: number;

  constructor(name: number) {
    super();
    this.name = name;
  }
}

function advance(wheel: TimerWheel<Named>, nowMs: number): number[] {
  const expired: number[] = [];
  wheel.advance(nowMs, (entry) => expired.push(entry.name));
  return expired;
}

test('fires an entry at its deadline and never before', () => {
  const wheel = new TimerWheel<Named>(1_000);
  const entry = new Named(1);
  wheel.schedule(entry, 1_045);
  assert.deepEqual(advance(wheel, 1_044), []);
  assert.deepEqual(advance(wheel, 1_049.9), []);
  assert.deepEqual(advance(wheel, 1_050), [1]);
  assert.equal(wheel.size, 0);
  assert.equal(entry.isScheduled, false);
});

test('keeps nothing of a cancelled entry', () => {
  const wheel = new TimerWheel<Named>(0);
  const entry = new Named(1);
  wheel.schedule(entry, 100);
  wheel.cancel(entry);
  wheel.cancel(entry);
  assert.equal(wheel.size, 0);
  assert.equal(entry.nextEntry, null);
  assert.equal(entry.previousEntry, null);
  assert.deepEqual(advance(wheel, 1_000), []);
});

test('moves an entry that is scheduled again', () => {
  const wheel = new TimerWheel<Named>(0);
  const entry = new Named(1);
  wheel.schedule(entry, 50);
  wheel.schedule(entry, 200);
  assert.equal(wheel.size, 1);
  assert.deepEqual(advance(wheel, 100), []);
  assert.deepEqual(advance(wheel, 200), [1]);
});

test('fires a deadline in the past at the next tick', () => {
  const wheel = new TimerWheel<Named>(1_000);
  wheel.schedule(new Named(1), 0);
  assert.deepEqual(advance(wheel, 1_009), []);
  assert.deepEqual(advance(wheel, 1_010), [1]);
});

test('waits for deadlines that are many revolutions away', () => {
  const wheel = new TimerWheel<Named>(0, { tickMs: 10, slots: 8 });
  wheel.schedule(new Named(1), 1_000);
  wheel.schedule(new Named(2), 40);
  for (let nowMs = 10; nowMs < 1_000; nowMs += 10) {
    assert.deepEqual(advance(wheel, nowMs), nowMs === 40 ? [2] : []);
  }
  assert.deepEqual(advance(wheel, 1_000), [1]);
});

test('fires everything due after a jump of many revolutions', () => {
  const wheel = new TimerWheel<Named>(0, { tickMs: 10, slots: 8 });
  for (let i = 1; i <= 40; i++) wheel.schedule(new Named(i), i * 10);
  assert.equal(advance(wheel, 300).length, 30);
  assert.equal(wheel.size, 10);
  assert.deepEqual(advance(wheel, 310), [31]);
});

test('lets the callback schedule and cancel any entry', () => {
  const wheel = new TimerWheel<Named>(0);
  const [first, second, third] = [new Named(1), new Named(2), new Named(3)];
  for (const entry of [first, second, third]) wheel.schedule(entry, 50);
  const expired: number[] = [];
  wheel.advance(50, (entry) => {
    expired.push(entry.name);
    if (entry !== first) return;
    wheel.cancel(second);
    wheel.schedule(first, 50);
    wheel.advance(10_000, () => assert.fail('an inner advance fires nothing'));
  });
  assert.deepEqual(expired, [1, 3]);
  assert.deepEqual(advance(wheel, 60), [1]);
  assert.equal(wheel.size, 0);
});

test('loses no entry to a callback that throws', () => {
  const wheel = new TimerWheel<Named>(0);
  for (let i = 1; i <= 3; i++) wheel.schedule(new Named(i), 50);
  assert.throws(() =>
    wheel.advance(50, () => {
      throw new Error('boom');
    }),
  );
  assert.equal(wheel.size, 2);
  assert.deepEqual(advance(wheel, 60), [2, 3]);
});

test('refuses sizes that cannot be', () => {
  assert.throws(() => new TimerWheel(0, { slots: 1000 }), RangeError);
  assert.throws(() => new TimerWheel(0, { tickMs: 0 }), RangeError);
});

test('fires what a sorted list would fire, over random operations', () => {
  const operation = fc.oneof(
    fc.record({ kind: fc.constant('schedule' as const), name: fc.nat(20), inMs: fc.integer({ min: -50, max: 900 }) }),
    fc.record({ kind: fc.constant('cancel' as const), name: fc.nat(20), inMs: fc.constant(0) }),
    fc.record({ kind: fc.constant('advance' as const), name: fc.constant(0), inMs: fc.nat(400) }),
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
      let nowMs = 12_345;
      const wheel = new TimerWheel<Named>(nowMs, { tickMs: 10, slots: 16 });
      const entries = Array.from({ length: 21 }, (_, name) => new Named(name));
      const dueTicks = new Map<number, number>();
      for (const { kind, name, inMs } of operations) {
        const entry = entries[name]!;
        if (kind === 'schedule') {
          wheel.schedule(entry, nowMs + inMs);
          dueTicks.set(name, Math.max(Math.ceil((nowMs + inMs) / 10), Math.floor(nowMs / 10) + 1));
        } else if (kind === 'cancel') {
          wheel.cancel(entry);
          dueTicks.delete(name);
        } else {
          nowMs += inMs;
          const tick = Math.floor(nowMs / 10);
          const expected = [...dueTicks].filter(([, due]) => due <= tick).map(([due]) => due);
          for (const due of expected) dueTicks.delete(due);
          assert.deepEqual(
            advance(wheel, nowMs).sort((a, b) => a - b),
            expected.sort((a, b) => a - b),
          );
        }
        assert.equal(wheel.size, dueTicks.size);
      }
    }),
    { numRuns: 500 },
  );
});
