import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SlidingWindow } from '../../../src/bulkhead/sliding-window.ts';

test('counts what lies within the window, by counter', () => {
  const window = new SlidingWindow(10_000, 2);
  window.add(0, 100);
  window.add(0, 4_000);
  window.add(1, 4_000);
  assert.equal(window.total(0, 9_000), 2);
  assert.equal(window.total(1, 9_000), 1);
  assert.equal(window.total(0, 10_100), 1);
  assert.equal(window.total(0, 14_000), 0);
  assert.equal(window.total(1, 14_000), 0);
});

test('never holds what is older than the window, always what is younger than the window less one bucket', () => {
  const ageMs = fc.integer({ min: 0, max: 1_500 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), ageMs, (startMs, age) => {
      const window = new SlidingWindow(1_000, 1, 10);
      window.add(0, startMs);
      const held = window.total(0, startMs + age);
      if (age >= 1_000) assert.equal(held, 0);
      else if (age <= 900) assert.equal(held, 1);
    }),
  );
});

test('counts as a plain list of events does', () => {
  const step = fc.record({ passMs: fc.double({ min: 0, max: 700, noNaN: true }), counter: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const window = new SlidingWindow(1_000, 3, 8);
      const events: { counter: number; bucket: number }[] = [];
      let nowMs = 0;
      for (const { passMs, counter } of steps) {
        nowMs += passMs;
        const bucket = Math.floor(nowMs / 125);
        window.add(counter, nowMs);
        events.push({ counter, bucket });
        for (const asked of [0, 1, 2]) {
          const expected = events.filter((event) => event.counter === asked && event.bucket > bucket - 8).length;
          assert.equal(window.total(asked, nowMs), expected);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('takes a time that lies back for the last one', () => {
  const window = new SlidingWindow(1_000, 1, 10);
  window.add(0, 5_000);
  window.add(0, 1_000);
  assert.equal(window.total(0, 100), 2);
  assert.equal(window.total(0, 6_000), 0);
});

test('is empty after a long rest and after clear', () => {
  const window = new SlidingWindow(1_000, 1);
  window.add(0, 10);
  assert.equal(window.total(0, 1e15), 0);
  window.add(0, 1e15);
  window.clear();
  assert.equal(window.total(0, 1e15), 0);
  window.add(0, 1e15 + 999);
  assert.equal(window.total(0, 1e15 + 999), 1);
});

test('refuses sizes that make no window', () => {
  assert.throws(() => new SlidingWindow(0, 1), { name: 'RangeError', message: 'windowMs must be positive, got 0' });
  assert.throws(() => new SlidingWindow(Number.POSITIVE_INFINITY, 1), RangeError);
  assert.throws(() => new SlidingWindow(1_000, 0), { message: 'counters must be a positive integer, got 0' });
  assert.throws(() => new SlidingWindow(1_000, 1, 2.5), { message: 'buckets must be a positive integer, got 2.5' });
});
