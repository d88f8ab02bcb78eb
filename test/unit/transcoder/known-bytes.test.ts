import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { KnownBytes } from '../../../src/transcoder/known-bytes.ts';

describe('bytes in others', () => {
  it('stand where all of them are, before the end', () => {
    const bytes = Buffer.from('abcabd');
    const stands = (text: string, at: number, end = bytes.length) =>
      new KnownBytes(Buffer.from(text)).standAt(bytes, at, end);
    assert.deepEqual([stands('abc', 0), stands('abd', 3), stands('d', 5), stands('', 6)], [true, true, true, true]);
    assert.deepEqual(
      [stands('abd', 0), stands('abc', 3), stands('bbc', 0), stands('bc', 0)],
      [false, false, false, false],
    );
    assert.deepEqual(
      [stands('abc', 0, 3), stands('abc', 0, 2), stands('bd', 4, 5), stands('dx', 5)],
      [true, false, false, false],
    );
  });

  it('stand exactly where a copy of the place is the same', () => {
    const few = fc.uint8Array({ max: 1, maxLength: 6 });
    fc.assert(
      fc.property(few, few, fc.nat(7), fc.nat(7), (expected, bytes, at, end) => {
        const limit = Math.min(end, bytes.length);
        fc.pre(at <= limit);
        const place = Buffer.from(bytes.subarray(at, Math.min(at + expected.length, limit)));
        assert.equal(new KnownBytes(expected).standAt(bytes, at, limit), place.equals(expected));
      }),
    );
  });
});
