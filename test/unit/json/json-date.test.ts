import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import { calendarDate, writeIsoDate } from '../../../src/json/json-date.ts';

function iso(ms: bigint): string {
  const out = new ByteWriter(1);
  writeIsoDate(out, Number(BigInt.asIntN(32, ms >> 32n)), Number(BigInt.asIntN(32, ms)));
  assert.ok(out.position <= out.buffer.length);
  return JSON.parse(out.take().toString());
}

describe('ISO dates', () => {
  it('are those of JavaScript in its own range', () => {
    const inRange = fc.integer({ min: -8.64e15, max: 8.64e15 });
    fc.assert(
      fc.property(fc.oneof(inRange, fc.integer({ min: -1e13, max: 1e13 })), (ms) => {
        assert.equal(iso(BigInt(ms)), new Date(ms).toISOString());
      }),
      { numRuns: 2_000 },
    );
  });

  it('go on past it, every 400 years alike', () => {
    const cycleMs = 146_097n * 86_400_000n;
    for (const ms of [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 8_640_000_000_000_001n, -8_640_000_000_000_001n]) {
      const cycles = ms / cycleMs;
      const date = new Date(Number(ms % cycleMs));
      const year = BigInt(date.getUTCFullYear()) + 400n * cycles;
      const sign = year < 0n ? '-' : '+';
      const expected = `${sign}${String(year < 0n ? -year : year).padStart(6, '0')}${date.toISOString().slice(4)}`;
      assert.equal(iso(ms), expected);
    }
  });

  it('know every day around a leap year', () => {
    for (const year of [-400, -1, 0, 4, 1900, 1970, 2000, 2023, 2024, 10_000]) {
      const first = new Date(0).setUTCFullYear(year, 0, 1) / 86_400_000;
      for (let day = first; day < first + 366; day++) {
        const date = new Date(day * 86_400_000);
        assert.equal(iso(BigInt(day) * 86_400_000n), date.toISOString());
        assert.deepEqual(calendarDate(day), {
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        });
      }
    }
  });
});
