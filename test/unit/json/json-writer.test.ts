import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteLimitError, ByteWriter } from '../../../src/bytes/byte-writer.ts';
import {
  isSafeLong,
  writeDouble,
  writeFloat,
  writeInt,
  writeLong,
  writeString,
} from '../../../src/json/json-writer.ts';

function text(write: (out: ByteWriter) => void, initialBytes = 1): string {
  const out = new ByteWriter(initialBytes);
  write(out);
  assert.ok(out.position <= out.buffer.length, 'nothing was written past the end');
  return out.take().toString();
}

function halves(value: bigint): [high: number, low: number] {
  return [Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value))];
}

const anyLong = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe('JSON numbers', () => {
  it('are the digits of any int', () => {
    for (const value of [0, -1, 9, 10, 99, 100, 2 ** 31 - 1, -(2 ** 31)]) {
      assert.equal(
        text((out) => writeInt(out, value)),
        String(value),
      );
    }
    fc.assert(
      fc.property(fc.integer(), (value) =>
        assert.equal(
          text((out) => writeInt(out, value)),
          String(value),
        ),
      ),
    );
  });

  it('are the digits of any long', () => {
    const edges = [
      0n,
      2n ** 31n,
      -(2n ** 31n) - 1n,
      2n ** 32n,
      2n ** 53n,
      2n ** 53n + 1n,
      2n ** 63n - 1n,
      -(2n ** 63n),
    ];
    for (const value of edges)
      assert.equal(
        text((out) => writeLong(out, ...halves(value))),
        String(value),
      );
    fc.assert(
      fc.property(anyLong, (value) =>
        assert.equal(
          text((out) => writeLong(out, ...halves(value))),
          String(value),
        ),
      ),
    );
  });

  it('know which longs JavaScript holds alone', () => {
    const isSafe = (value: bigint) => isSafeLong(...halves(value));
    for (const value of [2n ** 53n - 1n, -(2n ** 53n) + 1n, 0n, -1n]) assert.equal(isSafe(value), true, String(value));
    for (const value of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n]) assert.equal(isSafe(value), false, String(value));
    fc.assert(fc.property(anyLong, (value) => assert.equal(isSafe(value), Number.isSafeInteger(Number(value)))));
  });

  it('read back as the same double', () => {
    for (const value of [0, -0, 0.1, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, 2 ** 31, -(2 ** 31) - 1]) {
      assert.ok(Object.is(JSON.parse(text((out) => writeDouble(out, value))), value), String(value));
    }
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        assert.ok(Object.is(JSON.parse(text((out) => writeDouble(out, value))), value));
      }),
    );
  });

  it('are the shortest text that reads back as the same float', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const json = text((out) => writeFloat(out, value));
        assert.ok(Object.is(Math.fround(Number(json)), value), json);
        const digits = (shown: string) =>
          shown
            .replace(/e.*$/, '')
            .replace(/\D/g, '')
            .replace(/^0+|0+$/g, '').length;
        for (let fewer = 1; fewer < digits(json); fewer++) {
          assert.notEqual(Math.fround(Number(value.toPrecision(fewer))), value, `${json} in ${fewer} digits`);
        }
      }),
      { numRuns: 2_000 },
    );
    assert.equal(
      text((out) => writeFloat(out, 2 ** -149)),
      '1e-45',
    );
  });
});

describe('JSON strings', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
  );

  it('are what JSON.stringify makes', () => {
    fc.assert(
      fc.property(anyText, (value) =>
        assert.equal(
          text((out) => writeString(out, value)),
          JSON.stringify(value),
        ),
      ),
      { numRuns: 1_000 },
    );
  });

  it('keep their quotes wherever the buffer ends', () => {
    for (let initialBytes = 1; initialBytes <= 40; initialBytes++) {
      for (const value of ['', 'a', '\u0001', '\u0001\u0001', '\ud800', 'é', '😀', 'abcdef']) {
        assert.equal(
          text((out) => writeString(out, value), initialBytes),
          JSON.stringify(value),
          `${initialBytes}`,
        );
      }
    }
  });

  it('may be longer than a piece, with pairs across its border', () => {
    for (const length of [16_383, 16_384, 16_385, 40_000]) {
      const value = `${'x'.repeat(length - 1)}😀${'y'.repeat(length)}`;
      assert.equal(
        text((out) => writeString(out, value)),
        JSON.stringify(value),
      );
    }
  });

  it('are refused past the cap, not before', () => {
    const out = new ByteWriter(16, 400_002);
    writeString(out, 'x'.repeat(400_000));
    assert.doesNotThrow(() => out.checkLimit());
    out.byte(0x20);
    assert.throws(() => out.checkLimit(), ByteLimitError);
  });
});
