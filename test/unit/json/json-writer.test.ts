import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteLimitError, ByteWriter } from '../../../src/bytes/byte-writer.ts';
import { isSafeLong } from '../../../src/json/json-number.ts';
import { writeDouble, writeFloat, writeInt, writeLong, writeString } from '../../../src/json/json-writer.ts';

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

/** Where the number of digits changes, where they are put in groups, and where the types end. */
const EDGES: readonly number[] = [
  ...Array.from({ length: 16 }, (_, digits) => 10 ** digits),
  ...[5_243, 99_995, 10_010_001, 100_000_001, 2_147_400_000, 2 ** 31, 2 ** 32, 2 ** 52, 2 ** 53 - 2 ** 10, 2 ** 53 - 2],
].flatMap((edge) => [edge - 1, edge, edge + 1, -edge - 1, -edge, -edge + 1]);

describe('JSON numbers at their edges', () => {
  const isInt = (value: number) => value === (value | 0);

  it('have the digits of every number of up to five digits', () => {
    const out = new ByteWriter();
    for (let value = -100_001; value <= 100_001; value++) {
      out.reset();
      writeInt(out, value);
      if (out.buffer.toString('latin1', 0, out.position) !== String(value)) assert.fail(`${out.take()} for ${value}`);
    }
  });

  it('have the digits of ints, longs and doubles at every change of length', () => {
    for (const value of EDGES) {
      if (isInt(value)) assertText((out) => writeInt(out, value), value);
      assertText((out) => writeLong(out, ...halves(BigInt(value))), value);
      assertText((out) => writeDouble(out, value), value);
    }
    for (const value of [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 10n ** 16n, 10n ** 18n, 2n ** 63n - 1n]) {
      for (const signed of [value, -value]) assertText((out) => writeLong(out, ...halves(signed)), signed);
    }
  });

  it('have the digits of random whole numbers of every length', () => {
    const whole = fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 15 }));
    fc.assert(
      fc.property(whole, ([long, shift]) => {
        const value = Math.trunc(long / 10 ** shift) + 0; // never -0, which no integer is
        if (isInt(value)) assertText((out) => writeInt(out, value), value);
        assertText((out) => writeLong(out, ...halves(BigInt(value))), BigInt(value));
        assertText((out) => writeDouble(out, value), value);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are doubles as JavaScript writes them', () => {
    const doubles = [
      ...[0, 0.1 + 0.2, 1e21, 1e21 - 2 ** 17, 5e-324, 2 ** -1022, Number.MAX_VALUE, 4_503_599_627_370.125, 1e-7, 1e-6],
      ...[0.001, 0.01, 0.1, 0.5, 0.999, 1.001, 1.01, 9.99, 99.95, 0.0005, 0.0015, 1.0005, 123_456.789, 1e15 + 0.125],
      ...[2_147_483.647, 2_147_483.648, 2_147_483.649, 2_147_484.5, 21_474_836.47, 0.30000000000000004, 1.005, 8.345],
    ];
    for (const value of doubles) {
      for (const signed of [value, -value]) assertText((out) => writeDouble(out, signed), signed);
    }
  });

  it('are short decimals as JavaScript writes them, and their neighbours too', () => {
    const decimal = fc.record({
      digits: fc.integer(),
      places: fc.integer({ min: 1, max: 4 }),
      next: fc.integer({ min: -1, max: 1 }),
    });
    fc.assert(
      fc.property(decimal, ({ digits, places, next }) => {
        const value = neighbour(digits / 10 ** places, next);
        assertText((out) => writeDouble(out, value), value);
      }),
      { numRuns: 5_000 },
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        assertText((out) => writeDouble(out, value), value);
      }),
      { numRuns: 5_000 },
    );
  });
});

function assertText(write: (out: ByteWriter) => void, value: number | bigint): void {
  assert.equal(text(write), Object.is(value, -0) ? '-0' : String(value));
}

/** The same double, or the one before or behind it. */
function neighbour(value: number, steps: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  if (value !== 0) view.setBigInt64(0, view.getBigInt64(0) + BigInt(steps));
  return view.getFloat64(0);
}

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
