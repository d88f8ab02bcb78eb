import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameOutbox } from '../../../src/rpc/frame-outbox.ts';

function add(outbox: FrameOutbox, text: string): { start: number; end: number } {
  const start = outbox.writer.position;
  outbox.writer.bytes(Buffer.from(text));
  return { start, end: outbox.writer.position };
}

test('gives out all bytes in one piece', () => {
  const outbox = new FrameOutbox(1_000);
  assert.equal(outbox.take(), undefined);
  add(outbox, 'one ');
  add(outbox, 'two');
  assert.equal(outbox.waitingBytes, 7);
  assert.equal(outbox.take()?.toString(), 'one two');
  assert.equal(outbox.waitingBytes, 0);
});

test('leaves bytes that are being written alone, and gives out no others meanwhile', () => {
  const outbox = new FrameOutbox(1_000);
  add(outbox, 'first');
  const first = outbox.take()!;
  assert.equal(outbox.isWriting, true);
  add(outbox, 'second');
  assert.equal(outbox.take(), undefined);
  assert.equal(first.toString(), 'first');
  outbox.written();
  assert.equal(outbox.isWriting, false);
  const second = outbox.take()!;
  add(outbox, 'third');
  assert.equal(second.toString(), 'second');
  outbox.written();
  assert.equal(outbox.take()?.toString(), 'third');
});

test('counts waiting and writing bytes against its limit, and always takes a lone frame', () => {
  const outbox = new FrameOutbox(10);
  assert.equal(outbox.hasRoomFor(50), true);
  add(outbox, '123456');
  assert.equal(outbox.hasRoomFor(4), true);
  assert.equal(outbox.hasRoomFor(5), false);
  outbox.take();
  assert.equal(outbox.hasRoomFor(5), false);
  add(outbox, '1234');
  assert.equal(outbox.hasRoomFor(1), false);
  outbox.written();
  assert.equal(outbox.hasRoomFor(6), true);
});

test('has nothing to give out when all was taken back', () => {
  const outbox = new FrameOutbox(1_000);
  const range = add(outbox, 'gone');
  outbox.discard(range.start, range.end);
  assert.equal(outbox.take(), undefined);
  assert.equal(outbox.isWriting, false);
  add(outbox, 'stays');
  assert.equal(outbox.take()?.toString(), 'stays');
});

test('gives out exactly what was not taken back, in order', () => {
  const frame = fc.record({ text: fc.string({ minLength: 1, maxLength: 8 }), keep: fc.boolean() });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 20 }), fc.infiniteStream(fc.nat(1_000)), (frames, order) => {
      const outbox = new FrameOutbox(100_000);
      const ranges = frames.map(({ text }) => add(outbox, text));
      const dropped = ranges.filter((_, index) => !frames[index]!.keep);
      const keys = new Map(dropped.map((range) => [range, order.next().value ?? 0]));
      for (const range of dropped.sort((a, b) => keys.get(a)! - keys.get(b)!)) outbox.discard(range.start, range.end);
      const expected = frames.filter(({ keep }) => keep).map(({ text }) => text);
      assert.equal(outbox.take()?.toString() ?? '', expected.join(''));
    }),
  );
});
