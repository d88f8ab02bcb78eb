import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import {
  type HessianDate,
  type HessianList,
  type HessianMap,
  HessianObject,
} from '../../../src/hessian/hessian-tree.ts';
import { HessianWriter } from '../../../src/hessian/hessian-writer.ts';
import { body, singleValueOf, valuesOf, written } from './bodies.ts';

describe('HessianWriter, numbers', () => {
  it('writes null, true and false', () => {
    assert.deepEqual(
      written((w) => {
        w.nullValue();
        w.boolean(true);
        w.boolean(false);
      }),
      body('4e 54 46'),
    );
  });

  it('takes the shortest int form, on both sides of each boundary', () => {
    const forms: [number, string][] = [
      [0, '90'],
      [-0, '90'],
      [-16, '80'],
      [47, 'bf'],
      [-17, 'c7 ef'],
      [48, 'c8 30'],
      [-2048, 'c0 00'],
      [2047, 'cf ff'],
      [-2049, 'd3 f7ff'],
      [2048, 'd4 0800'],
      [-262144, 'd0 0000'],
      [262143, 'd7 ffff'],
      [-262145, '49 fffbffff'],
      [262144, '49 00040000'],
      [-2147483648, '49 80000000'],
      [2147483647, '49 7fffffff'],
    ];
    for (const [value, bytes] of forms) {
      assert.deepEqual(
        written((w) => w.int(value)),
        body(bytes),
        String(value),
      );
      assert.equal(singleValueOf(bytes), value + 0);
    }
  });

  it('takes the shortest long form, on both sides of each boundary, from halves and from numbers', () => {
    const forms: [bigint, string][] = [
      [0n, 'e0'],
      [-8n, 'd8'],
      [15n, 'ef'],
      [-9n, 'f7 f7'],
      [16n, 'f8 10'],
      [-2048n, 'f0 00'],
      [2047n, 'ff ff'],
      [-2049n, '3b f7ff'],
      [2048n, '3c 0800'],
      [-262144n, '38 0000'],
      [262143n, '3f ffff'],
      [-262145n, '59 fffbffff'],
      [262144n, '59 00040000'],
      [-2147483648n, '59 80000000'],
      [2147483647n, '59 7fffffff'],
      [-2147483649n, '4c ffffffff7fffffff'],
      [2147483648n, '4c 0000000080000000'],
      [4294967295n, '4c 00000000ffffffff'],
      [4294967296n, '4c 0000000100000000'],
      [-4294967296n, '4c ffffffff00000000'],
      [-4294967297n, '4c fffffffeffffffff'],
      [9007199254740991n, '4c 001fffffffffffff'],
      [-9007199254740991n, '4c ffe0000000000001'],
    ];
    for (const [value, bytes] of forms) {
      const high = Number(value >> 32n);
      const low = Number(BigInt.asIntN(32, value));
      assert.deepEqual(
        written((w) => w.long(high, low)),
        body(bytes),
        String(value),
      );
      assert.deepEqual(
        written((w) => w.long(high >>> 0, low >>> 0)),
        body(bytes),
        `${value}, unsigned halves`,
      );
      assert.deepEqual(
        written((w) => w.longNumber(Number(value))),
        body(bytes),
        `${value}, number`,
      );
      assert.equal(singleValueOf(bytes), value);
    }
    assert.deepEqual(
      written((w) => w.longNumber(-0)),
      body('e0'),
    );
  });

  it('writes all 64 bits of longs that are no safe integers', () => {
    for (const value of [9007199254740993n, -9007199254740993n, 2n ** 63n - 1n, -(2n ** 63n), 0x0123456789abcdefn]) {
      const bytes = written((w) => w.long(Number(value >> 32n), Number(BigInt.asIntN(32, value))));
      assert.equal(bytes.length, 9);
      assert.equal(singleValueOf(bytes), value);
    }
  });

  it('takes the shortest double form that gives the same double back', () => {
    const forms: [number, string][] = [
      [0, '5b'],
      [1, '5c'],
      [-1, '5d ff'],
      [2, '5d 02'],
      [-128, '5d 80'],
      [127, '5d 7f'],
      [-129, '5e ff7f'],
      [128, '5e 0080'],
      [-32768, '5e 8000'],
      [32767, '5e 7fff'],
      [32768, '5f 01f40000'],
      [12.25, '5f 00002fda'],
      [-0.001, '5f ffffffff'],
      [10.123, '5f 0000278b'],
      [-0, '44 8000000000000000'],
      [1.001, '44 3ff004189374bc6a'],
      [1.0010000000000001, '5f 000003e9'],
      [0.1 + 0.2, '44 3fd3333333333334'],
      [Number.MIN_VALUE, '44 0000000000000001'],
      [Number.MAX_VALUE, '44 7fefffffffffffff'],
      [2147483.647, '5f 7fffffff'],
      [2147483648, '44 41e0000000000000'],
      [4294967.296, '44 4150624dd2f1a9fc'],
      [Number.NaN, '44 7ff8000000000000'],
      [Number.POSITIVE_INFINITY, '44 7ff0000000000000'],
      [Number.NEGATIVE_INFINITY, '44 fff0000000000000'],
    ];
    for (const [value, bytes] of forms) {
      assert.deepEqual(written((w) => w.double(value)).toString('hex'), body(bytes).toString('hex'), String(value));
      assert.ok(Object.is(singleValueOf(bytes), value), String(value));
    }
  });

  it('writes whole minutes short and every other date in ms', () => {
    const forms: [number, string][] = [
      [0, '4b 00000000'],
      [60_000, '4b 00000001'],
      [-60_000, '4b ffffffff'],
      [894621060000, '4b 00e3838f'],
      [894621091000, '4a 000000d04b9284b8'],
      [1, '4a 0000000000000001'],
      [-1, '4a ffffffffffffffff'],
      [2147483647 * 60_000, '4b 7fffffff'],
      [2147483648 * 60_000, '4a 0000753000000000'],
      [-2147483648 * 60_000, '4b 80000000'],
      [-2147483649 * 60_000, '4a ffff8acfffff15a0'],
      [8.64e15, '4a 001eb208c2dc0000'],
      [-8.64e15, '4a ffe14df73d240000'],
    ];
    for (const [ms, bytes] of forms) {
      assert.equal(written((w) => w.dateMs(ms)).toString('hex'), body(bytes).toString('hex'), String(ms));
      assert.equal((singleValueOf(bytes) as HessianDate).ms, BigInt(ms));
    }
  });
});

describe('HessianWriter, strings', () => {
  it('takes the shortest head for the number of units', () => {
    const heads: [number, string][] = [
      [0, '00'],
      [31, '1f'],
      [32, '3020'],
      [255, '30ff'],
      [256, '3100'],
      [1023, '33ff'],
      [1024, '530400'],
      [32_767, '537fff'],
      [32_768, '538000'],
      [32_769, '528000'],
      [65_536, '528000'],
    ];
    for (const [units, head] of heads) {
      for (const character of ['x', 'é', '中']) {
        const text = character.repeat(units);
        const bytes = written((w) => w.string(text));
        assert.equal(bytes.toString('hex', 0, head.length / 2), head, `${units} of ${character}`);
        assert.equal(singleValueOf(bytes), text);
        const utf8 = Buffer.from(text);
        assert.deepEqual(
          written((w) => w.stringUtf8(utf8, 0, utf8.length)),
          bytes,
        );
      }
    }
  });

  it('ends a long string with the shortest form of what is left', () => {
    const at = 3 + 32_768;
    for (const [units, tail] of [
      [32_769, "01'x'"],
      [32_768 + 31, `1f'${'x'.repeat(31)}'`],
      [32_768 + 32, `30 20'${'x'.repeat(32)}'`],
    ] as const) {
      assert.deepEqual(written((w) => w.string('x'.repeat(units))).subarray(at), body(tail));
    }
    const three = written((w) => w.string('x'.repeat(65_537)));
    assert.deepEqual(three.subarray(at, at + 3), body('528000'));
    assert.deepEqual(three.subarray(2 * at), body("01'x'"));
  });

  it('encodes each UTF-16 unit on its own', () => {
    const forms: [string, string][] = [
      ['\0', '01 00'],
      ['\x7f', '01 7f'],
      ['\x80', '01 c280'],
      ['\u07ff', '01 dfbf'],
      ['\u0800', '01 e0a080'],
      ['\uffff', '01 efbfbf'],
      ['中文', '02 e4b8ad e69687'],
      ['😀', '02 eda0bd edb880'],
      ['\ud83d', '01 eda0bd'],
      ['\ude00x', "02 edb880 'x'"],
    ];
    for (const [text, bytes] of forms) {
      assert.deepEqual(
        written((w) => w.string(text)),
        body(bytes),
        bytes,
      );
      if (Buffer.from(text).toString() === text) {
        const utf8 = Buffer.from(`<${text}>`);
        assert.deepEqual(
          written((w) => w.stringUtf8(utf8, 1, utf8.length - 1)),
          body(bytes),
          `${bytes}, from UTF-8`,
        );
      }
    }
  });

  it('does not part a surrogate pair between two chunks', () => {
    const text = `${'x'.repeat(32_767)}😀y`;
    const bytes = written((w) => w.string(text));
    assert.deepEqual(bytes.subarray(0, 3), body('527fff'));
    assert.deepEqual(bytes.subarray(3 + 32_767), body("03 eda0bd edb880 'y'"));
    assert.equal(singleValueOf(bytes), text);
    const utf8 = Buffer.from(text);
    assert.deepEqual(
      written((w) => w.stringUtf8(utf8, 0, utf8.length)),
      bytes,
    );
  });

  it('parts before a pair only when the pair would be cut', () => {
    for (const prefix of [32_765, 32_766, 32_767, 32_768]) {
      const text = `${'é'.repeat(prefix)}${'😀'.repeat(20_000)}`;
      const utf8 = Buffer.from(text);
      const bytes = written((w) => w.string(text));
      assert.equal(bytes.readUInt16BE(1), prefix % 2 === 0 ? 32_768 : 32_767);
      assert.equal(singleValueOf(bytes), text);
      assert.deepEqual(
        written((w) => w.stringUtf8(utf8, 0, utf8.length)),
        bytes,
      );
    }
  });

  it('keeps a lone high surrogate at the end of a chunk', () => {
    const text = `${'x'.repeat(32_767)}\ud83d${'y'.repeat(5)}`;
    assert.equal(singleValueOf(written((w) => w.string(text))), text);
  });
});

describe('HessianWriter, binaries', () => {
  it('takes the shortest head for the number of bytes', () => {
    const heads: [number, string][] = [
      [0, '20'],
      [15, '2f'],
      [16, '3410'],
      [255, '34ff'],
      [256, '3500'],
      [1023, '37ff'],
      [1024, '420400'],
      [32_768, '428000'],
      [32_769, '418000'],
      [100_000, '418000'],
    ];
    for (const [count, head] of heads) {
      const data = Buffer.alloc(count + 2, 0xfe);
      const bytes = written((w) => w.binary(data, 1, count + 1));
      assert.equal(bytes.toString('hex', 0, head.length / 2), head, String(count));
      assert.deepEqual(singleValueOf(bytes), data.subarray(1, count + 1));
    }
  });
});

describe('HessianWriter, containers', () => {
  it('writes list heads with the count in the tag or after it', () => {
    for (const [count, untyped, typed] of [
      [0, '78', "70 04'[int'"],
      [7, '7f', "77 04'[int'"],
      [8, '58 98', "56 04'[int' 98"],
      [48, '58 c830', "56 04'[int' c830"],
      [300_000, '58 49 000493e0', "56 04'[int' 49 000493e0"],
    ] as const) {
      assert.deepEqual(
        written((w) => w.listStart(count)),
        body(untyped),
      );
      assert.deepEqual(
        written((w) => w.typedListStart('[int', count)),
        body(typed),
      );
    }
  });

  it('writes a type name once a body and its number from then on', () => {
    const bytes = written((w) => {
      w.typedListStart('t', 0);
      w.typedMapStart('u');
      w.mapEnd();
      w.typedListStart('t', 8);
      for (let i = 0; i < 8; i++) w.nullValue();
      w.typedMapStart('u');
      w.mapEnd();
      w.untypedMapStart();
      w.mapEnd();
    });
    assert.deepEqual(bytes, body("70 01't' 4d 01'u' 5a 56 90 98 4e4e4e4e4e4e4e4e 4d 91 5a 48 5a"));
    const values = valuesOf(bytes) as (HessianList | HessianMap)[];
    assert.deepEqual(
      values.map((value) => value.type),
      ['t', 'u', 't', 'u', ''],
    );
  });

  it('counts on from names that were written before it', () => {
    const out = new ByteWriter();
    const writer = new HessianWriter(out);
    writer.typedListStart('x', 0);
    writer.reset(['a', 'b']);
    out.reset();
    writer.typedListStart('b', 0);
    writer.typedListStart('x', 0);
    writer.typedListStart('x', 0);
    assert.deepEqual(out.take(), body("70 91 70 01'x' 70 92"));
  });

  it('writes a class definition once a body and the number of the class with each object', () => {
    const bytes = written((w) => {
      for (let i = 0; i < 18; i++) {
        w.objectStart(`c${i}`, ['x']);
        w.int(i);
      }
      w.objectStart('c0', ['x']);
      w.nullValue();
      w.objectStart('c17', ['x']);
      w.nullValue();
      w.objectStart('empty', []);
    });
    assert.deepEqual(bytes.subarray(-15), body("60 4e 4f a1 4e 43 05'empty' 90 4f a2"));
    const objects = valuesOf(bytes) as HessianObject[];
    assert.equal(objects.length, 21);
    assert.ok(objects.every((object) => object instanceof HessianObject));
    assert.deepEqual(
      objects.map((object) => object.className),
      [...Array.from({ length: 18 }, (_, i) => `c${i}`), 'c0', 'c17', 'empty'],
    );
    assert.equal(objects[17]!.get('x'), 17);
  });

  it('forgets classes with the body', () => {
    const out = new ByteWriter();
    const writer = new HessianWriter(out);
    writer.objectStart('c', []);
    writer.reset();
    out.reset();
    writer.objectStart('c', []);
    assert.deepEqual(out.take(), body("43 01'c' 90 60"));
  });
});
