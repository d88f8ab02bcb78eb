import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CallTable } from '../../../src/rpc/call-table.ts';
import { RecordingCall } from './recording-call.ts';

function createTable(): { table: CallTable; strays: { late: number; duplicate: number; unknown: number } } {
  const strays = { late: 0, duplicate: 0, unknown: 0 };
  return { table: new CallTable(strays), strays };
}

test('settles each call once', () => {
  const { table, strays } = createTable();
  const call = new RecordingCall();
  const id = table.add(call);
  assert.equal(call.id, id);
  assert.equal(table.size, 1);
  assert.equal(table.answer(0, id), call);
  assert.equal(table.answer(0, id), undefined);
  assert.equal(table.giveUp(call), false);
  assert.equal(table.size, 0);
  assert.deepEqual(strays, { late: 0, duplicate: 1, unknown: 0 });
});

test('tells late, duplicate and unknown answers apart', () => {
  const { table, strays } = createTable();
  const [gone, answered] = [new RecordingCall(), new RecordingCall()];
  table.add(gone);
  table.add(answered);
  const heartbeat = table.takeId();
  table.giveUp(gone);
  table.answer(0, answered.id);
  table.answer(0, gone.id);
  assert.deepEqual(strays, { late: 1, duplicate: 0, unknown: 0 });
  table.answer(0, answered.id);
  assert.deepEqual(strays, { late: 1, duplicate: 1, unknown: 0 });
  for (const id of [heartbeat, 0, 99, table.nextId]) assert.equal(table.answer(0, id), undefined);
  assert.deepEqual(strays, { late: 1, duplicate: 1, unknown: 4 });
});

test('matches all 64 bits of an id', () => {
  const { table, strays } = createTable();
  const call = new RecordingCall();
  const id = table.add(call);
  assert.equal(table.answer(1, id), undefined);
  assert.equal(table.answer(-1, id), undefined);
  assert.equal(table.answer(0x4000_0000, id), undefined);
  assert.equal(strays.unknown, 3);
  assert.equal(table.answer(0, id), call);
});

test('takes out all calls at once, in their order', () => {
  const { table, strays } = createTable();
  const calls = [new RecordingCall(), new RecordingCall(), new RecordingCall()];
  for (const call of calls) table.add(call);
  assert.deepEqual([...table.drain()], calls);
  assert.equal(table.size, 0);
  table.answer(0, calls[1]!.id);
  assert.equal(strays.late, 1);
});

test('does not give up a call that sits under another id', () => {
  const { table } = createTable();
  const { table: other } = createTable();
  const [mine, theirs] = [new RecordingCall(), new RecordingCall()];
  table.add(mine);
  other.add(theirs);
  assert.equal(table.giveUp(theirs), false);
  assert.equal(table.size, 1);
});

test('forgets fates older than 65,536 ids, and says unknown then', () => {
  const { table, strays } = createTable();
  const calls = Array.from({ length: 65_537 }, () => new RecordingCall());
  for (const call of calls) {
    table.add(call);
    table.answer(0, call.id);
  }
  table.answer(0, calls[1]!.id);
  assert.deepEqual(strays, { late: 0, duplicate: 1, unknown: 0 });
  table.answer(0, calls[0]!.id);
  assert.deepEqual(strays, { late: 0, duplicate: 1, unknown: 1 });
});

test('counts what a plain model counts, over random operations', () => {
  const operation = fc.record({
    kind: fc.constantFrom('add' as const, 'answer' as const, 'giveUp' as const, 'heartbeat' as const),
    at: fc.nat(12),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const { table, strays } = createTable();
      const calls: RecordingCall[] = [];
      const fates = new Map<number, 'pending' | 'answered' | 'given up'>();
      const expected = { late: 0, duplicate: 0, unknown: 0 };
      for (const { kind, at } of operations) {
        const call = calls[at];
        if (kind === 'add') {
          const added = new RecordingCall();
          calls.push(added);
          fates.set(table.add(added), 'pending');
        } else if (kind === 'heartbeat') {
          table.takeId();
        } else if (kind === 'giveUp') {
          if (call === undefined) continue;
          assert.equal(table.giveUp(call), fates.get(call.id) === 'pending');
          if (fates.get(call.id) === 'pending') fates.set(call.id, 'given up');
        } else {
          const fate = fates.get(at);
          const answered = table.answer(0, at);
          assert.equal(answered?.id, fate === 'pending' ? at : undefined);
          if (fate === 'pending') fates.set(at, 'answered');
          else if (fate === 'answered') expected.duplicate++;
          else if (fate === 'given up') expected.late++;
          else expected.unknown++;
        }
        assert.equal(table.size, [...fates.values()].filter((fate) => fate === 'pending').length);
      }
      assert.deepEqual(strays, expected);
    }),
    { numRuns: 300 },
  );
});
