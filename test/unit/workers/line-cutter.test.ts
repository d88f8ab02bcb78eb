import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LineCutter } from '../../../src/workers/line-cutter.ts';

describe('LineCutter', () => {
  it('gives whole lines, and all of them, wherever the bytes were cut', () => {
    const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\n') }), { maxLength: 20 });
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (texts, sizes) => {
        const bytes = Buffer.from(texts.join(''));
        const cutter = new LineCutter();
        const given: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          const lines = cutter.push(bytes.subarray(at, at + size));
          if (lines !== undefined) {
            assert.equal(lines.at(-1), 10);
            given.push(lines);
          }
          at += size;
        }
        assert.deepEqual(Buffer.concat(given), bytes.subarray(0, bytes.lastIndexOf(10) + 1));
      }),
    );
  });

  it('ends a line that is longer than any', () => {
    const cutter = new LineCutter();
    assert.equal(cutter.push(Buffer.alloc(700_000, 'a')), undefined);
    const line = cutter.push(Buffer.alloc(700_000, 'b'));
    assert.deepEqual([line?.length, line?.at(-1)], [1_400_001, 10]);
    assert.equal(String(cutter.push(Buffer.from('next\n'))), 'next\n');
  });

  it('keeps nothing of the bytes it was given', () => {
    const cutter = new LineCutter();
    const bytes = Buffer.from('one\ntwo');
    assert.equal(String(cutter.push(bytes)), 'one\n');
    bytes.fill('x');
    assert.equal(String(cutter.push(Buffer.from('\n'))), 'two\n');
  });
});
