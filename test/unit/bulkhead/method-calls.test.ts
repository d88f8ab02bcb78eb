import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MethodCalls, TrackedCall } from '../../../src/bulkhead/method-calls.ts';

test('hands out each overdue call once, oldest first, and keeps it in flight', () => {
  const calls = new MethodCalls();
  const [first, second, third] = [new TrackedCall(), new TrackedCall(), new TrackedCall()];
  calls.add(first, 10);
  calls.add(second, 20);
  calls.add(third, 30);
  assert.equal(calls.firstInTimeStartMs, 10);
  assert.equal(calls.takeOverdue(9), null);
  assert.equal(calls.takeOverdue(20), first);
  assert.equal(calls.takeOverdue(20), second);
  assert.equal(calls.takeOverdue(20), null);
  assert.equal(calls.size, 3);
  assert.equal(calls.firstInTimeStartMs, 30);
  assert.deepEqual([first.isOverdue, second.isOverdue, third.isOverdue], [true, true, false]);
});

test('takes a call out once', () => {
  const [calls, others] = [new MethodCalls(), new MethodCalls()];
  const call = new TrackedCall();
  calls.add(call, 10);
  assert.equal(call.isInFlight, true);
  assert.equal(others.remove(call), false);
  assert.equal(calls.remove(call), true);
  assert.equal(calls.remove(call), false);
  assert.equal(call.isInFlight, false);
  assert.equal(calls.size, 0);
  assert.equal(calls.firstInTimeStartMs, Number.POSITIVE_INFINITY);
});

test('does not take a call that is in flight, and takes it again afterwards', () => {
  const calls = new MethodCalls();
  const call = new TrackedCall();
  calls.add(call, 10);
  assert.throws(() => calls.add(call, 20), { message: 'the call is in flight already' });
  calls.takeOverdue(10);
  calls.remove(call);
  calls.add(call, 30);
  assert.equal(call.isOverdue, false);
  assert.equal(calls.takeOverdue(30), call);
});

test('counts and marks as a plain list does, over random operations', () => {
  const operation = fc.record({
    kind: fc.constantFrom('add' as const, 'remove' as const, 'overdue' as const, 'skip' as const, 'add' as const),
    at: fc.nat(20),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
      const calls = new MethodCalls();
      let listed: { call: TrackedCall; inTime: boolean }[] = [];
      let nowMs = 0;
      for (const { kind, at } of operations) {
        nowMs += at % 3;
        const chosen = listed[at % Math.max(1, listed.length)];
        if (kind === 'add') {
          const call = new TrackedCall();
          calls.add(call, nowMs);
          listed.push({ call, inTime: true });
        } else if (kind === 'remove' && chosen !== undefined) {
          assert.equal(calls.remove(chosen.call), true);
          listed = listed.filter((entry) => entry !== chosen);
        } else if (kind === 'overdue') {
          const expected = listed.find((entry) => entry.inTime && entry.call.startMs <= nowMs - at);
          assert.equal(calls.takeOverdue(nowMs - at), expected?.call ?? null);
          if (expected !== undefined) expected.inTime = false;
        } else if (kind === 'skip') {
          calls.skipAll();
          for (const entry of listed) entry.inTime = false;
        }
        assert.equal(calls.size, listed.length);
        const next = listed.find((entry) => entry.inTime);
        assert.equal(calls.firstInTimeStartMs, next?.call.startMs ?? Number.POSITIVE_INFINITY);
      }
    }),
    { numRuns: 300 },
  );
});
