import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import type { ResponseConfig } from '../../../src/config/schema.ts';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import { skipValue } from '../../../src/hessian/skip-value.ts';
import { writePlainValue } from '../../../src/transcoder/plain-value.ts';
import { compileResponseOptions } from '../../../src/transcoder/response-options.ts';
import { responseConfig } from '../../support/answer-decoding.ts';
import { type ReferenceOptions, referenceText } from '../../support/reference/reference-transcoder.ts';
import { readValueTree } from '../../support/reference/value-tree.ts';
import { toJson } from '../../support/transcoding.ts';
import { body } from '../hessian/bodies.ts';

/** What stands behind the value in the buffer, outside of the body; it would be a fine end of a value cut off. */
const BEHIND = Buffer.from('x'.repeat(16));
const BEFORE = Buffer.of(0x4e);

/** What became of the value; undefined where it was left alone. */
function plain(value: Buffer, response: Partial<ResponseConfig> = {}, initialBytes = 1): string | undefined {
  const buffer = Buffer.concat([BEFORE, value, BEHIND]);
  const reader = new HessianReader();
  reader.reset(buffer, BEFORE.length, BEFORE.length + value.length);
  const out = new ByteWriter(initialBytes);
  const { position } = reader;
  const isWritten = writePlainValue(reader, out, compileResponseOptions(responseConfig(response)));
  if (isWritten) {
    assert.equal(reader.position, reader.end, 'read to its end');
    assert.ok(out.position <= out.buffer.length, 'nothing was written past the end');
    return out.take().toString();
  }
  assert.deepEqual([reader.position, out.position], [position, 0], 'nothing read, nothing written');
  return undefined;
}

function reference(value: Buffer): string {
  const reader = new HessianReader();
  reader.reset(value);
  return referenceText(readValueTree(reader, []), responseConfig() as ReferenceOptions);
}

/** Values of every kind that is written from its tag, at the edges of each length. */
const PLAIN_VALUES: readonly string[] = [
  ...['02 ed a0 bd ed b8 80', '04 61 ed a0 bd ed b8 80 62', '01 ed 9f bf', '01 ee 80 80'],
  ...[
    '00',
    "01'a'",
    "1f'abcdefghijklmnopqrstuvwxyzABCDE'",
    "04'\"\\/ '",
    '01 7f',
    '03 00 1f 0a',
    '02 08 0d',
    '02 0c 09',
  ],
  ...['01 c2 80', '01 df bf', '01 e0 a0 80', '01 ec bf bf', '01 ee 80 80', '01 ef bf bf', '03 61 c3 a9 e4 b8 ad'],
  ...[
    '80',
    '8f',
    '90',
    'bf',
    'c0 00',
    'c7 ff',
    'c8 00',
    'c8 ff',
    'cf ff',
    'd0 00 00',
    'd3 ff ff',
    'd4 00 00',
    'd7 ff ff',
  ],
  ...['49 00000000', '49 7fffffff', '49 80000000', '49 ffffffff', '4e', '54', '46'],
  ...['44 0000000000000000', '44 8000000000000000', '44 3ff8000000000000', '44 0000000000000001'],
  ...['44 7fefffffffffffff', '44 ffefffffffffffff', '44 444b1ae4d6e2ef50', '44 3fd3333333333334'],
  ...[
    '30 00',
    "30 01'a'",
    "30 20'abcdefghijklmnopqrstuvwxyzABCDEF'",
    `31 02'${'xyz'.repeat(86)}'`,
    `33 ff'${'k'.repeat(1023)}'`,
  ],
  ...[
    '5f 00000000',
    '5f 00000001',
    '5f 0000044c',
    '5f 000003e9',
    '5f ffffffff',
    '5f 02000000',
    '5f 7fffffff',
    '5f 80000000',
  ],
  ...[
    '4a 0000000000000000',
    '4a 0000018bcfe5687b',
    '4a ffffffffffffffff',
    '4a 7fffffffffffffff',
    '4a 8000000000000000',
  ],
  ...[
    '4c 0000000000000000',
    '4c 001fffffffffffff',
    '4c 0020000000000000',
    '4c ffe0000000000000',
    '4c 8000000000000000',
  ],
];

/** Values that need the long way, whatever the options are. */
const OTHER_VALUES: readonly string[] = [
  ...['44 7ff0000000000000', '44 fff0000000000000', '44 7ff8000000000000'],
  ...["53 0001 'a'", "52 0001 'a' 00", '01 ed a0 80', '02 ed b8 80 ed a0 bd', '20', '21 00'],
  ...['5b', '5c', '5d 80', '5e 8000', '59 00000001', '4b 00000001', 'd8', 'e0', 'ef', 'f0 00', 'ff ff', '3c 0000'],
  ...['57 5a', '78', '48 5a', '79 90'],
];

describe('a plain value', () => {
  it('is written as the reference writes it, and read to its end', () => {
    for (const notation of PLAIN_VALUES) {
      const value = body(notation);
      for (let initialBytes = 1; initialBytes < 40; initialBytes += 13) {
        assert.equal(plain(value, {}, initialBytes), reference(value), notation);
      }
    }
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
        (double, long) => {
          const bytes = Buffer.alloc(8);
          bytes.writeDoubleBE(double);
          const asDouble = Buffer.concat([Buffer.of(0x44), bytes]);
          assert.equal(plain(asDouble), reference(asDouble));
          bytes.writeBigInt64BE(long);
          for (const tag of [0x4a, 0x4c]) {
            const value = Buffer.concat([Buffer.of(tag), bytes]);
            assert.equal(plain(value), reference(value));
          }
        },
      ),
    );
  });

  it('is one of few kinds; all others are left alone and come out right the long way', () => {
    for (const notation of OTHER_VALUES) {
      const value = body(notation);
      assert.equal(plain(value), undefined, notation);
      assert.equal(toJson(Buffer.concat([Buffer.of(0x79), value])), `[${reference(value)}]`, notation);
    }
  });

  it('is known by every tag there is', () => {
    const tail = Buffer.alloc(0x1f);
    const written: number[] = [];
    for (let tag = 0; tag < 0x100; tag++) {
      for (let length = 0; length <= tail.length; length++) {
        const value = Buffer.concat([Buffer.of(tag), tail.subarray(0, length)]);
        const text = textOf(value);
        if (text === undefined) continue;
        assert.equal(text, reference(value), value.toString('hex'));
        written.push(tag);
        break;
      }
    }
    const upTo = (first: number, end: number) => Array.from({ length: end - first }, (_, i) => first + i);
    assert.deepEqual(written, [
      ...upTo(0, 0x20),
      0x30,
      0x44,
      0x46,
      0x49,
      0x4a,
      0x4c,
      0x4e,
      0x54,
      0x5f,
      ...upTo(0x80, 0xd8),
    ]);
  });

  it('is left alone where the route wants it otherwise', () => {
    const long = body('4c 0000000000000001');
    const date = body('4a 0000000000000001');
    for (const longs of ['string', 'string-if-unsafe'] as const) assert.equal(plain(long, { longs }), undefined, longs);
    assert.equal(plain(date, { dates: 'epoch-ms' }), undefined);
    assert.equal(plain(date, { dates: { pattern: 'yyyy', zone: 'UTC' } }), undefined);
    assert.equal(plain(long, { dates: 'epoch-ms' }), '1');
    assert.equal(plain(date, { longs: 'string' }), '"1970-01-01T00:00:00.001Z"');
  });

  it('is left alone where it is cut off, at whichever byte, and the error is that of the long way', () => {
    for (const notation of PLAIN_VALUES) {
      const value = body(notation);
      for (let length = 0; length < value.length; length++) {
        const cut = value.subarray(0, length);
        assert.equal(plain(cut), undefined, `${notation} cut to ${length}`);
        assert.equal(errorOfList(cut), errorOfSkipping(cut), `${notation} cut to ${length}`);
        assert.match(errorOfList(cut), /^truncated at \d+$/);
      }
    }
  });

  it('is left alone where its text is malformed, and the error is that of the long way', () => {
    for (const notation of [
      '01 80',
      '01 bf',
      '01 c0 80',
      '01 c1 bf',
      '01 c2 41',
      '01 e0 80 80',
      '01 e4 b8 41',
      '01 e4 41 80',
      '01 f0 9f 98 80',
      '01 ff',
      '02 61 c3',
    ]) {
      const value = body(notation);
      assert.equal(plain(value), undefined, notation);
      assert.equal(errorOfList(value), errorOfSkipping(value), notation);
    }
  });
});

/** The value's text if it is plain; undefined also where bytes are left over. */
function textOf(value: Buffer): string | undefined {
  const reader = new HessianReader();
  reader.reset(value);
  const out = new ByteWriter();
  const isWritten = writePlainValue(reader, out, compileResponseOptions(responseConfig()));
  return isWritten && reader.position === reader.end ? out.take().toString() : undefined;
}

/** The error of a list with this one item. */
function errorOfList(item: Buffer): string {
  return errorOf(() => toJson(listOf(item)));
}

/** The error of reading the same list without writing it. */
function errorOfSkipping(item: Buffer): string {
  const reader = new HessianReader();
  reader.reset(listOf(item));
  return errorOf(() => skipValue(reader));
}

function listOf(item: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x57), item]);
}

function errorOf(read: () => void): string {
  try {
    read();
    return 'no error';
  } catch (error) {
    if (error instanceof HessianError) return `${error.fault} at ${error.offset}`;
    throw error;
  }
}
