import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WaitEntry, WaitQueue } from '../../../src/time/wait-queue.ts';

class Named extends WaitEntry {
  readonly name: number;

  constructor(name: number) {
    super();
    this.name = name;
  }
}

function names(entries: readonly Named[]): number[] {
  return entries.map(({ name }) => name);
}

test('serves in the order of entering, whatever the deadlines', () => {
  const queue = new WaitQueue<Named>();
  queue.push(new Named(1), 0, 900);
  queue.push(new Named(2), 0, 100);
  queue.push(new Named(3), 0, 500);
  assert.equal(queue.first?.name, 1);
  assert.deepEqual(
    [queue.shift()?.name, queue.shift()?.name, queue.shift()?.name, queue.shift()],
    [1, 2, 3, undefined],
  );
  assert.equal(queue.size, 0);
});

test('ends each wait at its own deadline, and one that was served never', () => {
  const queue = new WaitQueue<Named>();
  for (const [name, deadlineMs] of [
    [1, 900],
    [2, 100],
    [3, 5_000],
    [4, 100],
  ] as const) {
    queue.push(new Named(name), 0, deadlineMs);
  }
  queue.shift();
  const ended: number[] = [];
  const end = ({ name }: Named): void => void ended.push(name);
  queue.expire(99, end);
  assert.deepEqual(ended, []);
  queue.expire(100, end);
  assert.deepEqual(ended, [2, 4]);
  queue.expire(4_990, end);
  assert.deepEqual(names(queue.toArray()), [3]);
  queue.expire(5_000, end);
  assert.deepEqual(ended, [2, 4, 3]);
  assert.equal(queue.size, 0);
});

test('lets the callback push and remove', () => {
  const queue = new WaitQueue<Named>();
  const [first, second] = [new Named(1), new Named(2)];
  queue.push(first, 0, 10);
  queue.push(second, 0, 10);
  queue.expire(10, (entry) => {
    assert.equal(entry, first);
    queue.remove(second);
    queue.push(first, 10, 50);
  });
  assert.deepEqual(names(queue.toArray()), [1]);
});

test('keeps nothing of one who left', () => {
  const queue = new WaitQueue<Named>();
  const entry = new Named(1);
  queue.push(entry, 0, 100);
  queue.remove(entry);
  assert.deepEqual(
    [entry.previousInLine, entry.nextInLine, entry.isScheduled, queue.first],
    [null, null, false, undefined],
  );
  queue.expire(1_000, () => assert.fail('it has left'));
});

test('is an array with removal from anywhere', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('push' as const), waitMs: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
    fc.record({ kind: fc.constant('shift' as const) }),
    fc.record({ kind: fc.constant('expire' as const), afterMs: fc.integer({ min: 1, max: 100 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new WaitQueue<Named>();
      let line: { entry: Named; deadlineMs: number }[] = [];
      let nowMs = 0;
      let nextName = 0;
      for (const action of steps) {
        if (action.kind === 'push') {
          const entry = new Named(nextName++);
          const deadlineMs = nowMs + action.waitMs * 10;
          queue.push(entry, nowMs, deadlineMs);
          line.push({ entry, deadlineMs });
        } else if (action.kind === 'remove') {
          const [gone] = line.splice(action.at % Math.max(1, line.length), 1);
          if (gone !== undefined) queue.remove(gone.entry);
        } else if (action.kind === 'shift') {
          assert.equal(queue.shift(), line.shift()?.entry);
        } else {
          nowMs += action.afterMs * 10;
          const ended = new Set<Named>();
          queue.expire(nowMs, (entry) => void ended.add(entry));
          const due = line.filter(({ deadlineMs }) => deadlineMs <= nowMs);
          assert.deepEqual(ended, new Set(due.map(({ entry }) => entry)));
          line = line.filter(({ deadlineMs }) => deadlineMs > nowMs);
        }
        assert.equal(queue.size, line.length);
        assert.equal(queue.first, line[0]?.entry);
        assert.deepEqual(names(queue.toArray()), names(line.map(({ entry }) => entry)));
      }
    }),
    { numRuns: 200 },
  );
});
