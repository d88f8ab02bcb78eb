import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import { type EventKind, readEvent, writeEventAnswer, writeHeartbeat } from '../../../src/dubbo/events.ts';
import { FrameSplitter } from '../../../src/dubbo/frame-splitter.ts';
import { FrameView } from '../../../src/dubbo/frame-view.ts';

function event(flags: number, bodyHex: string): FrameView {
  const frame = new FrameView();
  frame.flags = flags;
  frame.idHigh = -3;
  frame.idLow = -7;
  frame.buffer = Buffer.from(`eeee${bodyHex}5252`, 'hex');
  frame.start = 2;
  frame.end = 2 + bodyHex.length / 2;
  return frame;
}

const BODIES: readonly (readonly [flags: number, bodyHex: string, kind: EventKind])[] = [
  [0xe2, '4e', 'heartbeat'],
  [0xe2, '4e4e', 'heartbeat'],
  [0xe2, '', 'heartbeat'],
  [0xf7, '00000001af', 'heartbeat'],
  [0xa2, '0152', 'readonly'],
  [0xa2, '300152', 'readonly'],
  [0xa2, '53000152', 'readonly'],
  [0xb7, '000000024a52', 'readonly'],
  [0xa2, '0157', 'writeable'],
  [0xb7, '000000024a57', 'writeable'],
  [0xa2, '0158', 'unknown'],
  [0xa2, '01', 'unknown'],
  [0xa2, '3001', 'unknown'],
  [0xa2, '530001', 'unknown'],
  [0xa2, '5200', 'unknown'],
  [0xb7, '000000034b5252', 'unknown'],
  [0xb7, '0000', 'unknown'],
  [0xb7, `00000048 79 38 46${'52'.repeat(70)}`.replaceAll(' ', ''), 'unknown'],
  [0xe3, '4e', 'unknown'],
];

for (const [flags, bodyHex, kind] of BODIES) {
  test(`reads ${bodyHex.slice(0, 20) || 'nothing'} of serialization ${flags & 0x1f} as ${kind}`, () => {
    assert.equal(readEvent(event(flags, bodyHex)), kind);
  });
}

test('answers an event with its own id, serialization and bytes', () => {
  const writer = new ByteWriter();
  writer.byte(0xff);
  writeEventAnswer(writer, event(0xf7, '00000001af'));
  assert.equal(writer.take(1).toString('hex'), 'dabb3714fffffffdfffffff90000000500000001af');
});

test('writes the heartbeat that Dubbo writes', () => {
  const writer = new ByteWriter(8);
  writeHeartbeat(writer, 258);
  writeHeartbeat(writer, 2 ** 40 + 1);
  assert.equal(writer.take().toString('hex'), 'dabbe2000000000000000102000000014edabbe2000000010000000001000000014e');
});

test('reads its own heartbeat as one', () => {
  const writer = new ByteWriter();
  writeHeartbeat(writer, 1);
  const kinds: EventKind[] = [];
  new FrameSplitter(100).push(writer.take(), {
    onFrame: (frame) => {
      assert.ok(frame.isRequest && frame.isEvent && frame.isTwoWay);
      kinds.push(readEvent(frame));
    },
    onOversized: () => assert.fail('a heartbeat is small'),
  });
  assert.deepEqual(kinds, ['heartbeat']);
});
