import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ageText, bytesText, rateText } from '../../../src/cli/quantity-text.ts';

describe('bytesText', () => {
  it('takes the unit that leaves few digits', () => {
    const expectations: readonly (readonly [bytes: number, text: string])[] = [
      [0, '0 B'],
      [1_023, '1023 B'],
      [1_024, '1.0 KiB'],
      [1_536, '1.5 KiB'],
      [20_480, '20 KiB'],
      [1_048_575, '1.0 MiB'],
      [1_048_576, '1.0 MiB'],
      [268_435_456, '256 MiB'],
      [3 * 1_024 ** 3, '3.0 GiB'],
      [5_000 * 1_024 ** 4, '5000 TiB'],
    ];
    for (const [bytes, text] of expectations) assert.equal(bytesText(bytes), text);
  });
});

describe('ageText', () => {
  it('takes the largest unit that still tells ages apart', () => {
    const expectations: readonly (readonly [milliseconds: number, text: string])[] = [
      [-5_000, '0 s'],
      [999, '0 s'],
      [12_000, '12 s'],
      [119_999, '119 s'],
      [120_000, '2 min'],
      [3_600_000, '60 min'],
      [7_200_000, '2 h'],
      [172_800_000, '2 d'],
      [9 * 86_400_000, '9 d'],
    ];
    for (const [milliseconds, text] of expectations) assert.equal(ageText(milliseconds), text);
  });
});

describe('rateText', () => {
  it('never shows a rate as none', () => {
    const expectations: readonly (readonly [perSecond: number, text: string])[] = [
      [0, '0/s'],
      [0.01, '0.1/s'],
      [0.5, '0.5/s'],
      [9.94, '9.9/s'],
      [9.96, '10/s'],
      [1_234.5, '1235/s'],
    ];
    for (const [perSecond, text] of expectations) assert.equal(rateText(perSecond), text);
  });
});
