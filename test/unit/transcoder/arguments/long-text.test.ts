import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../../../src/bytes/byte-writer.ts';
import { HessianWriter } from '../../../../src/hessian/hessian-writer.ts';
import { writeLongText } from '../../../../src/transcoder/arguments/long-text.ts';

const MAX_STRING_UNITS = 0x8000;

/** What the text between the quotes becomes; the buffer is too small at first, and something stands before it. */
function written(inside: string): Buffer {
  const text = Buffer.from(`"${inside}"       `);
  const stop = text.lastIndexOf('"');
  const out = new ByteWriter(1);
  out.byte(0x78);
  writeLongText(new DataView(text.buffer, text.byteOffset, text.length), 1, stop, out);
  return out.take(1);
}

function expected(inside: string): Buffer {
  const writer = new HessianWriter(new ByteWriter());
  writer.string(JSON.parse(`"${inside}"`) as string);
  return writer.out.take();
}

/** Long bytes are compared first: a difference of them is not printed. */
function assertSame(inside: string, what: string): void {
  const actual = written(inside);
  const wanted = expected(inside);
  const at = actual.findIndex((byte, index) => byte !== wanted[index]);
  assert.deepEqual([what, at, actual.length], [what, -1, wanted.length]);
}

describe('writeLongText', () => {
  it('writes characters of each length, alone and in runs, with each escape between them', () => {
    const escapes = [
      '\\"',
      '\\\\',
      '\\/',
      '\\b',
      '\\f',
      '\\n',
      '\\r',
      '\\t',
      '\\u0000',
      '\\u00e9',
      '\\u4e2d',
      '\\ud83d\\udE00',
    ];
    for (const run of ['', 'x', 'four', 'plain text', 'é', 'éèêë', '中', '中文字', '😀', '😀👍', 'aé中😀']) {
      for (const escaped of escapes) {
        for (const inside of [
          run,
          run + escaped,
          escaped + run,
          run + escaped + escaped + run,
          run.repeat(9) + escaped,
        ]) {
          assertSame(inside, inside);
        }
      }
    }
  });

  it('keeps halves of surrogate pairs that are written as escapes', () => {
    for (const inside of ['\\ud83d', '\\udE00', 'a\\udE00\\ud83dz', '\\uD83D中\\uDE00']) assertSame(inside, inside);
  });

  it('splits long texts where the writer splits strings, never within a surrogate pair', () => {
    const fillers = ['x', '中', 'é', '\\n', '\\u4e2d'];
    const ends = [
      '',
      'xyz',
      '中',
      'é',
      '😀',
      '\\ud83d\\udE00',
      '\\ud83d',
      '\\ud83dx',
      '\\n',
      '😀'.repeat(MAX_STRING_UNITS),
    ];
    for (const filler of fillers) {
      for (const units of [31, 32, 1_023, 1_024, MAX_STRING_UNITS - 2, MAX_STRING_UNITS - 1, MAX_STRING_UNITS]) {
        for (const end of ends) assertSame(filler.repeat(units) + end, `${units} x ${filler}, ${end.slice(0, 12)}`);
      }
    }
  });

  it('writes what the writer makes of the same text, whatever it is', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }).map((text) => JSON.stringify(text).slice(1, -1)),
      fc.constantFrom('\\u0041', '\\ud83d', '\\uDE00', '/', '茶葉'.repeat(20), 'tea '.repeat(20), '🍵'.repeat(20)),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (inside) => assertSame(inside, inside)),
      { numRuns: 2_000 },
    );
  });
});
