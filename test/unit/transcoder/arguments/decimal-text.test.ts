import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decimalNumber } from '../../../../src/transcoder/arguments/decimal-text.ts';

function read(text: string): number {
  const bytes = Buffer.from(`[${text}]`);
  return decimalNumber(bytes, 1, bytes.length - 1);
}

describe('decimalNumber', () => {
  it('gives what Number gives, to the last bit', () => {
    const digits = (maxLength: number) => fc.array(fc.nat(9), { minLength: 1, maxLength }).map((list) => list.join(''));
    const whole = digits(20).map((text) => text.replace(/^0+(?=\d)/, ''));
    const number = fc
      .tuple(
        fc.constantFrom('', '-'),
        whole,
        fc.option(digits(25), { nil: undefined }),
        fc.integer({ min: -40, max: 40 }),
      )
      .map(([sign, front, fraction, exponent]) => {
        const power = Math.abs(exponent) > 20 ? '' : `${exponent % 2 === 0 ? 'e' : 'E'}${exponent}`;
        return `${sign}${front}${fraction === undefined ? '' : `.${fraction}`}${power}`;
      });
    fc.assert(
      fc.property(number, (text) => {
        assert.ok(Object.is(read(text), Number(text)), text);
      }),
      { numRuns: 20_000 },
    );
  });

  for (const text of [
    ...'0.0 -0.0 0.1 0.3 9.95 1.005 123456789012345.5 12345678901234.56 0.000000000000001 -0.00000000000001'.split(' '),
    ...'999999999999999.9 0.123456789012345 1e400 -1e400 5e-324 2.5e-324 1.7976931348623157e308 1e22 1e23 0e5'.split(
      ' ',
    ),
  ]) {
    it(`reads ${text}`, () => {
      assert.ok(Object.is(read(text), Number(text)), `${read(text)}`);
    });
  }
});
