import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteLimitError, ByteWriter } from '../../../src/bytes/byte-writer.ts';

const KIB = 1024;

describe('ByteWriter', () => {
  it('writes bytes, numbers, text and pieces in order, whatever it started with', () => {
    for (const initialBytes of [0, 1, 7, 4096]) {
      const out = new ByteWriter(initialBytes);
      out.byte(0x1ff);
      out.byte(-1);
      out.int32(-2);
      out.int32(0xfedcba98);
      out.double(-0);
      out.double(1.5);
      out.ascii('short');
      out.ascii('a text of more than thirty-two characters');
      out.bytes(Buffer.from('<piece>'), 1, 6);
      out.bytes(Buffer.alloc(30, 7));
      const expected = Buffer.concat([
        Buffer.from('fffffffffffefedcba9880000000000000003ff8000000000000', 'hex'),
        Buffer.from('shorta text of more than thirty-two characterspiece'),
        Buffer.alloc(30, 7),
      ]);
      assert.deepEqual(out.take(), expected, `first buffer of ${initialBytes} bytes`);
    }
  });

  it('behaves like concatenation for any sequence of writes', () => {
    const write = fc.oneof(
      fc.record({ kind: fc.constant('bytes' as const), data: fc.uint8Array({ maxLength: 200 }) }),
      fc.record({ kind: fc.constant('ascii' as const), text: fc.string({ unit: 'binary-ascii', maxLength: 100 }) }),
      fc.record({ kind: fc.constant('int32' as const), value: fc.integer() }),
      fc.record({ kind: fc.constant('byte' as const), value: fc.nat(255) }),
      fc.record({ kind: fc.constant('repeat' as const), from: fc.nat(1000), to: fc.nat(1000) }),
    );
    fc.assert(
      fc.property(fc.nat(64), fc.array(write, { maxLength: 40 }), (initialBytes, writes) => {
        const out = new ByteWriter(initialBytes);
        let expected: number[] = [];
        for (const piece of writes) {
          if (piece.kind === 'bytes') {
            out.bytes(piece.data);
            expected = [...expected, ...piece.data];
          } else if (piece.kind === 'ascii') {
            out.ascii(piece.text);
            expected = [...expected, ...Buffer.from(piece.text, 'latin1')];
          } else if (piece.kind === 'int32') {
            out.int32(piece.value);
            expected = [...expected, ...[24, 16, 8, 0].map((shift) => (piece.value >> shift) & 255)];
          } else if (piece.kind === 'byte') {
            out.byte(piece.value);
            expected = [...expected, piece.value];
          } else {
            const start = Math.min(piece.from, expected.length);
            const end = Math.min(Math.max(piece.from, piece.to), expected.length);
            out.repeat(start, end);
            expected = [...expected, ...expected.slice(start, end)];
          }
        }
        assert.deepEqual([...out.take()], expected);
        assert.equal(out.position, expected.length);
      }),
      { numRuns: 300 },
    );
  });

  it('makes room once for code that writes to the buffer itself', () => {
    const out = new ByteWriter(4);
    out.byte(1);
    out.ensure(100);
    assert.ok(out.buffer.length >= 101);
    out.buffer.fill(2, out.position, out.position + 100);
    out.position += 100;
    assert.deepEqual(out.take(1), Buffer.alloc(100, 2));
    assert.equal(out.buffer[0], 1);
  });

  it('patches a number at a place kept free', () => {
    const out = new ByteWriter(4);
    const at = out.position;
    out.int32(0);
    out.ascii('body');
    out.patchInt32(at, -5);
    assert.deepEqual(out.take(), Buffer.from('fffffffb626f6479', 'hex'));
  });

  it('gives copies that later writes do not touch', () => {
    const out = new ByteWriter();
    out.ascii('one');
    const copy = out.take();
    out.reset();
    out.ascii('two');
    assert.equal(copy.toString(), 'one');
    assert.equal(out.take().toString(), 'two');
    assert.equal(out.take(2).toString(), 'o');
  });

  it('keeps its buffer for the next body, unless it grew too large', () => {
    const out = new ByteWriter(16, 64 * KIB, KIB);
    out.bytes(Buffer.alloc(KIB));
    const kept = out.buffer;
    out.reset();
    assert.equal(out.buffer, kept);
    assert.equal(out.position, 0);
    out.bytes(Buffer.alloc(10 * KIB));
    out.reset();
    assert.equal(out.buffer.length, KIB);
  });

  it('says exactly when more than the cap was written', () => {
    const out = new ByteWriter(16, 100);
    out.bytes(Buffer.alloc(100));
    out.checkLimit();
    out.byte(1);
    assert.throws(
      () => out.checkLimit(),
      (error) => error instanceof ByteLimitError && error.maxBytes === 100 && /100 bytes/.test(error.message),
    );
  });

  it('obeys a cap below what its buffer holds already', () => {
    const out = new ByteWriter(4096, 4096);
    out.maxBytes = 10;
    out.ascii('eleven char');
    assert.throws(() => out.checkLimit(), ByteLimitError);
  });

  it('stops growing soon after the cap, by single bytes and by large pieces', () => {
    const maxBytes = 64 * KIB;
    const byBytes = new ByteWriter(16, maxBytes);
    assert.throws(() => {
      for (let i = 0; i < 4 * 1024 * KIB; i++) byBytes.byte(0);
    }, ByteLimitError);
    assert.ok(byBytes.position >= maxBytes && byBytes.buffer.length <= maxBytes + 1024 * KIB);

    const byPieces = new ByteWriter(16, maxBytes);
    assert.throws(() => byPieces.ensure(1024 * 1024 * KIB), ByteLimitError);
    assert.throws(() => byPieces.bytes(Buffer.alloc(2 * 1024 * KIB)), ByteLimitError);
    assert.equal(byPieces.position, 0);
    byPieces.ascii('still usable');
    assert.equal(byPieces.take().toString(), 'still usable');
  });

  it('does not count room that was asked for and not used', () => {
    const out = new ByteWriter(16, 100);
    out.ensure(1000);
    out.ascii('x'.repeat(100));
    out.checkLimit();
    assert.equal(out.position, 100);
  });
});
