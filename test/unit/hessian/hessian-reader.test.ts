import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import * as Token from '../../../src/hessian/token.ts';
import { body, faultOf, readerOf, singleValueOf } from './bodies.ts';

const TOKEN_NAMES = Object.entries(Token).reduce<string[]>((names, [name, value]) => {
  names[value] = name;
  return names;
}, []);

/**
 * First bytes of values, the bytes that make each one whole, what the reader calls it. Bodies for `type` codes name the
 * type 't'; bodies that refer to a class or container have it before them in `PREPARED`.
 */
const TAGS: [from: number, to: number, rest: string, token: string][] = [
  [0x00, 0x1f, 'text', 'STRING'],
  [0x20, 0x2f, 'data', 'BINARY'],
  [0x30, 0x33, '02 6869', 'STRING'],
  [0x34, 0x37, '02 ffff', 'BINARY'],
  [0x38, 0x3f, '1234', 'LONG'],
  [0x40, 0x40, '', 'reserved'],
  [0x41, 0x41, '0001 ff 20', 'BINARY'],
  [0x42, 0x42, '0001 ff', 'BINARY'],
  [0x43, 0x43, "01'c' 90 4e", 'NULL'],
  [0x44, 0x44, '4028800000000000', 'DOUBLE'],
  [0x45, 0x45, '', 'reserved'],
  [0x46, 0x46, '', 'FALSE'],
  [0x47, 0x47, '', 'reserved'],
  [0x48, 0x48, '', 'MAP'],
  [0x49, 0x49, '00000000', 'INT'],
  [0x4a, 0x4a, '000000d04b9284b8', 'DATE'],
  [0x4b, 0x4b, '00e3838f', 'DATE'],
  [0x4c, 0x4c, '0000000000000000', 'LONG'],
  [0x4d, 0x4d, "01't'", 'MAP'],
  [0x4e, 0x4e, '', 'NULL'],
  [0x4f, 0x4f, '90', 'OBJECT'],
  [0x50, 0x50, '', 'reserved'],
  [0x51, 0x51, '90', 'REFERENCE'],
  [0x52, 0x52, "0001 'a' 00", 'STRING'],
  [0x53, 0x53, "0001 'a'", 'STRING'],
  [0x54, 0x54, '', 'TRUE'],
  [0x55, 0x55, "01't'", 'LIST'],
  [0x56, 0x56, "01't' 90", 'LIST'],
  [0x57, 0x57, '', 'LIST'],
  [0x58, 0x58, '90', 'LIST'],
  [0x59, 0x59, '00000000', 'LONG'],
  [0x5a, 0x5a, '', 'END'],
  [0x5b, 0x5c, '', 'DOUBLE'],
  [0x5d, 0x5d, '7f', 'DOUBLE'],
  [0x5e, 0x5e, '7fff', 'DOUBLE'],
  [0x5f, 0x5f, '00002fda', 'DOUBLE'],
  [0x60, 0x6f, '', 'OBJECT'],
  [0x70, 0x77, "01't' 4e4e4e4e4e4e4e", 'LIST'],
  [0x78, 0x7f, '4e4e4e4e4e4e4e', 'LIST'],
  [0x80, 0xbf, '', 'INT'],
  [0xc0, 0xcf, '12', 'INT'],
  [0xd0, 0xd7, '1234', 'INT'],
  [0xd8, 0xef, '', 'LONG'],
  [0xf0, 0xff, '12', 'LONG'],
];

/** Sixteen classes without fields and one list, so that every class code and reference 0 mean something. */
const PREPARED = body(`${"43 01'c' 90 ".repeat(16)} 78`);

function wholeValue(tag: number, rest: string): Buffer {
  if (rest === 'text') return Buffer.from([tag, ...Buffer.from('x'.repeat(tag))]);
  if (rest === 'data') return Buffer.alloc(1 + tag - 0x20, tag);
  const length = tag & 3;
  if (rest === '02 6869' || rest === '02 ffff')
    return Buffer.concat([Buffer.from([tag, 2]), Buffer.alloc(length * 256 + 2, 1)]);
  return Buffer.concat([Buffer.from([tag]), body(rest)]);
}

describe('HessianReader, first bytes', () => {
  it('knows what each of the 256 first bytes starts', () => {
    let seen = 0;
    for (const [from, to, rest, expected] of TAGS) {
      for (let tag = from; tag <= to; tag++, seen++) {
        assert.equal(tag, seen, 'the table lists every byte once, in order');
        const reader = readerOf(Buffer.concat([PREPARED, wholeValue(tag, rest)]));
        assert.equal(reader.next(), Token.LIST);
        if (expected === 'reserved') {
          assert.throws(
            () => reader.next(),
            (error) =>
              error instanceof HessianError && error.fault === 'unknown-tag' && error.offset === PREPARED.length,
            `byte 0x${tag.toString(16)}`,
          );
        } else {
          assert.equal(TOKEN_NAMES[reader.next()], expected, `byte 0x${tag.toString(16)}`);
          if (expected === 'STRING') reader.skipString();
          if (expected === 'BINARY') reader.skipBinary();
          if (tag < 0x70 || tag >= 0x80) assert.equal(reader.position, reader.end, `byte 0x${tag.toString(16)}`);
        }
      }
    }
    assert.equal(seen, 256);
  });

  it('takes the number out of each one-byte form', () => {
    for (let tag = 0x80; tag <= 0xbf; tag++) assert.equal(singleValueOf(Buffer.from([tag])), tag - 0x90);
    for (let tag = 0xd8; tag <= 0xef; tag++) assert.equal(singleValueOf(Buffer.from([tag])), BigInt(tag - 0xe0));
    for (let length = 0; length < 0x20; length++) {
      const text = 'abcdefghijklmnopqrstuvwxyz012345'.slice(0, length);
      assert.equal(singleValueOf(Buffer.concat([Buffer.from([length]), Buffer.from(text)])), text);
    }
    for (let length = 0; length < 0x10; length++) {
      const data = Buffer.alloc(length, 0xee);
      assert.deepEqual(singleValueOf(Buffer.concat([Buffer.from([0x20 + length]), data])), data);
    }
    for (let count = 0; count < 8; count++) {
      const untyped = readerOf(Buffer.from([0x78 + count, ...Array(count).fill(0x4e)]));
      assert.equal(untyped.next(), Token.LIST);
      assert.equal(untyped.int, count);
      assert.equal(untyped.type, '');
      const typed = readerOf(Buffer.from([0x70 + count, 0x01, 0x74, ...Array(count).fill(0x4e)]));
      assert.equal(typed.next(), Token.LIST);
      assert.equal(typed.int, count);
      assert.equal(typed.type, 't');
    }
  });

  it('counts the offset of an error from the start of the body, wherever it lies in the buffer', () => {
    const reader = readerOf('');
    reader.reset(body('4e4e4e 91 40 4e4e'), 3, 5);
    assert.equal(reader.next(), Token.INT);
    assert.throws(() => reader.next(), { name: 'HessianError', fault: 'unknown-tag', offset: 1 });
    assert.throws(() => reader.next(), { name: 'HessianError', fault: 'truncated', offset: 2 });
  });
});

describe('HessianReader, numbers', () => {
  it('reads the ends of every int form', () => {
    const forms: [string, number][] = [
      ['80', -16],
      ['90', 0],
      ['bf', 47],
      ['c0 00', -2048],
      ['c7 00', -256],
      ['c7 ff', -1],
      ['c8 00', 0],
      ['c8 30', 48],
      ['cf ff', 2047],
      ['d0 0000', -262144],
      ['d3 ffff', -1],
      ['d4 0000', 0],
      ['d7 ffff', 262143],
      ['49 80000000', -2147483648],
      ['49 ffffffff', -1],
      ['49 00000000', 0],
      ['49 7fffffff', 2147483647],
    ];
    for (const [bytes, expected] of forms) assert.equal(singleValueOf(bytes), expected, bytes);
  });

  it('reads the ends of every long form, all 64 bits of it', () => {
    const forms: [string, bigint][] = [
      ['d8', -8n],
      ['e0', 0n],
      ['ef', 15n],
      ['f0 00', -2048n],
      ['f7 ff', -1n],
      ['f8 00', 0n],
      ['ff ff', 2047n],
      ['38 0000', -262144n],
      ['3b ffff', -1n],
      ['3c 0000', 0n],
      ['3f ffff', 262143n],
      ['59 80000000', -2147483648n],
      ['59 ffffffff', -1n],
      ['59 7fffffff', 2147483647n],
      ['4c 0000000080000000', 2147483648n],
      ['4c ffffffff7fffffff', -2147483649n],
      ['4c 001fffffffffffff', 9007199254740991n],
      ['4c 0020000000000001', 9007199254740993n],
      ['4c ffdfffffffffffff', -9007199254740993n],
      ['4c 8000000000000000', -9223372036854775808n],
      ['4c 7fffffffffffffff', 9223372036854775807n],
      ['4c ffffffffffffffff', -1n],
    ];
    for (const [bytes, expected] of forms) assert.equal(singleValueOf(bytes), expected, bytes);
  });

  it('reads every double form', () => {
    const forms: [string, number][] = [
      ['5b', 0],
      ['5c', 1],
      ['5d 80', -128],
      ['5d ff', -1],
      ['5d 7f', 127],
      ['5e 8000', -32768],
      ['5e ffff', -1],
      ['5e 7fff', 32767],
      ['5f 00002fda', 12.25],
      ['5f 80000000', -2147483.648],
      ['5f 7fffffff', 2147483.647],
      ['5f 01f40000', 32768],
      ['44 4028800000000000', 12.25],
      ['44 8000000000000000', -0],
      ['44 0000000000000001', Number.MIN_VALUE],
      ['44 7fefffffffffffff', Number.MAX_VALUE],
      ['44 7ff0000000000000', Number.POSITIVE_INFINITY],
      ['44 fff0000000000000', Number.NEGATIVE_INFINITY],
      ['44 7ff8000000000000', Number.NaN],
      ['44 fff8000000000001', Number.NaN],
    ];
    for (const [bytes, expected] of forms) assert.ok(Object.is(singleValueOf(bytes), expected), bytes);
  });

  it('multiplies mills as Java does, and does not divide', () => {
    assert.equal(singleValueOf('5f 000003e9'), 1001 * 0.001);
    assert.notEqual(singleValueOf('5f 000003e9'), 1.001);
  });

  it('reads dates in ms and in minutes, near and far', () => {
    const forms: [string, bigint][] = [
      ['4a 000000d04b9284b8', 894621091000n],
      ['4b 00e3838f', 894621060000n],
      ['4b ff5f8c60', BigInt(Date.UTC(1950, 0, 3, 16))],
      ['4a 0000000000000000', 0n],
      ['4a ffffffffffffffff', -1n],
      ['4a ffffffff00000000', -4294967296n],
      ['4b 7fffffff', 2147483647n * 60_000n],
      ['4b 80000000', -2147483648n * 60_000n],
      ['4b ffffffff', -60_000n],
      ['4a 001eb208c2dc0000', 8_640_000_000_000_000n],
      ['4a 7fffffffffffffff', 9223372036854775807n],
      ['4a 8000000000000000', -9223372036854775808n],
    ];
    for (const [bytes, expected] of forms) {
      const value = singleValueOf(bytes);
      assert.equal((value as { ms: bigint }).ms, expected, bytes);
    }
  });
});

describe('HessianReader, strings', () => {
  it('decodes each UTF-16 unit on its own', () => {
    const forms: [string, string][] = [
      ['01 00', '\0'],
      ['01 7f', '\x7f'],
      ['01 c280', '\x80'],
      ['01 dfbf', '\u07ff'],
      ['01 e0a080', '\u0800'],
      ['01 efbfbf', '\uffff'],
      ['01 e4b8ad', '中'],
      ["03 'a' c3a9 e4b8ad", 'aé中'],
      ['02 eda0bd edb880', '😀'],
      ['01 eda0bd', '\ud83d'],
      ['01 edb880', '\ude00'],
      ['02 edb880 eda0bd', '\ude00\ud83d'],
      ["05 'a' eda0bd edb880 00 'z'", 'a😀\0z'],
    ];
    for (const [bytes, expected] of forms) assert.equal(singleValueOf(bytes), expected, bytes);
  });

  it('joins chunks, also in the middle of a surrogate pair, whatever form the last one has', () => {
    assert.equal(singleValueOf('52 0001 eda0bd 01 edb880'), '😀');
    assert.equal(singleValueOf("52 0001 'a' 52 0000 52 0001 'b' 53 0001 'c'"), 'abc');
    assert.equal(singleValueOf("52 0001 'a' 30 01 'b'"), 'ab');
    assert.equal(singleValueOf("52 0001 'a' 00"), 'a');
    assert.equal(singleValueOf('53 0000'), '');
  });

  it('reads chunks of the sizes Java writes', () => {
    for (const units of [32_767, 32_768, 32_769, 65_535]) {
      const head = Buffer.from([0x53, units >> 8, units & 255]);
      assert.equal(singleValueOf(Buffer.concat([head, Buffer.alloc(units, 'x')])), 'x'.repeat(units));
      assert.equal(singleValueOf(Buffer.concat([head, Buffer.from('é'.repeat(units))])), 'é'.repeat(units));
    }
  });

  it('refuses bytes that are not CESU-8, with their place', () => {
    const forms: [string, string][] = [
      ["02 'a' f09f9880", 'invalid at 2'], // four-byte UTF-8
      ['02 f09f9880', 'invalid at 1'],
      ['01 f8', 'invalid at 1'],
      ['01 ff', 'invalid at 1'],
      ['01 80', 'invalid at 1'], // a continuation byte first
      ['01 bf', 'invalid at 1'],
      ['01 c080', 'invalid at 1'], // overlong NUL
      ['01 c1bf', 'invalid at 1'],
      ['01 e08080', 'invalid at 1'], // overlong in three bytes
      ['01 e09fbf', 'invalid at 1'],
      ['01 c241', 'invalid at 1'],
      ['01 e4b841', 'invalid at 1'],
      ['01 e441ad', 'invalid at 1'],
      ['52 0001 61 02 62 c0 80', 'invalid at 6'],
    ];
    for (const [bytes, expected] of forms) {
      assert.equal(faultOf(bytes), expected, bytes);
      assert.equal(
        faultOf(bytes, (b) => readerSkips(b)),
        expected,
        `${bytes} skipped`,
      );
    }
  });

  it('refuses a chunk that is followed by something else', () => {
    assert.equal(faultOf("52 0001 'a' 90"), 'invalid at 4');
    assert.equal(faultOf("52 0001 'a' 21 00"), 'invalid at 4');
    assert.equal(faultOf("52 0001 'a' 43 01 'c' 90 00"), 'invalid at 4');
    assert.equal(faultOf("52 0001 'a'"), 'truncated at 4');
  });

  it('leaves the reader after the string, taken or skipped', () => {
    for (const bytes of ["03 'abc' 91", '52 0002 c3a9 eda0bd 01 edb880 91']) {
      const taking = readerOf(bytes);
      taking.next();
      taking.string();
      assert.equal(taking.next(), Token.INT);
      const skipping = readerOf(bytes);
      skipping.next();
      skipping.skipString();
      assert.equal(skipping.next(), Token.INT);
      assert.equal(skipping.int, 1);
    }
  });
});

describe('HessianReader, binaries', () => {
  it('joins chunks of any form', () => {
    assert.deepEqual(singleValueOf('41 0002 0102 41 0000 41 0001 03 42 0001 04'), Buffer.from([1, 2, 3, 4]));
    assert.deepEqual(singleValueOf('41 0001 01 22 0203'), Buffer.from([1, 2, 3]));
    assert.deepEqual(singleValueOf('41 0001 01 34 01 02'), Buffer.from([1, 2]));
    assert.deepEqual(singleValueOf('20'), Buffer.alloc(0));
    assert.deepEqual(singleValueOf(Buffer.concat([body('37 ff'), Buffer.alloc(1023, 9)])), Buffer.alloc(1023, 9));
    assert.deepEqual(singleValueOf(Buffer.concat([body('42 ffff'), Buffer.alloc(65_535, 9)])), Buffer.alloc(65_535, 9));
  });

  it('gives a copy, so that the body can be let go', () => {
    const bytes = body('22 0102');
    const value = singleValueOf(bytes) as Buffer;
    bytes.fill(0);
    assert.deepEqual(value, Buffer.from([1, 2]));
  });

  it('refuses a chunk that is followed by something else', () => {
    assert.equal(faultOf("41 0001 01 01 'a'"), 'invalid at 4');
    assert.equal(faultOf('41 0001 01 90'), 'invalid at 4');
    assert.equal(faultOf('41 0001 01'), 'truncated at 4');
  });
});

function readerSkips(bytes: Buffer | string): void {
  const reader = readerOf(bytes);
  assert.equal(reader.next(), Token.STRING);
  reader.skipString();
}
