import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileDateFormatter } from '../../../src/transcoder/date-formatter.ts';

const FULL = 'yyyy-MM-dd HH:mm:ss.SSSXXX';

describe('date patterns', () => {
  const cases: readonly (readonly [pattern: string, zone: string, iso: string, text: string])[] = [
    [FULL, 'UTC', '2024-02-29T13:14:15.016Z', '2024-02-29 13:14:15.016Z'],
    [FULL, 'Asia/Shanghai', '2024-02-29T23:14:15.016Z', '2024-03-01 07:14:15.016+08:00'],
    [FULL, 'America/New_York', '2024-03-10T06:59:59.999Z', '2024-03-10 01:59:59.999-05:00'],
    [FULL, 'America/New_York', '2024-03-10T07:00:00.000Z', '2024-03-10 03:00:00.000-04:00'],
    [FULL, 'Asia/Kathmandu', '2024-01-01T00:00:00.000Z', '2024-01-01 05:45:00.000+05:45'],
    [FULL, 'UTC', '1969-12-31T23:59:59.999Z', '1969-12-31 23:59:59.999Z'],
    // Mean time of the city, whose seconds XXX does not say.
    [FULL, 'Asia/Shanghai', '1874-12-07T18:40:00.000Z', '1874-12-08 02:45:43.000+08:05'],
    // The Gregorian calendar throughout, as in java.time.
    [FULL, 'UTC', '0099-05-05T00:00:00.000Z', '0099-05-05 00:00:00.000Z'],
    [FULL, 'UTC', '1582-10-10T00:00:00.000Z', '1582-10-10 00:00:00.000Z'],
    // yyyy is the year of the era: the year 0 is 1 BC; past 9999 it has a plus.
    ['yyyy', 'UTC', '0000-06-01T00:00:00.000Z', '0001'],
    ['yyyy', 'UTC', '-000043-06-01T00:00:00.000Z', '0044'],
    ['yyyy', 'UTC', '+012345-06-01T00:00:00.000Z', '+12345'],
    ["dd.MM.yyyy 'um' HH 'o''clock'", 'UTC', '2024-02-29T13:14:15.016Z', "29.02.2024 um 13 o'clock"],
    ["''yyyy''", 'UTC', '2024-02-29T13:14:15.016Z', "'2024'"],
    ['HH', 'UTC', '2024-02-29T00:14:15.016Z', '00'],
  ];
  for (const [pattern, zone, iso, text] of cases) {
    it(`write ${iso} in ${zone} as ${text}`, () => {
      assert.equal(compileDateFormatter(pattern, zone)(Date.parse(iso)), text);
    });
  }

  it('say any time so that it can be read back', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe']) {
      const format = compileDateFormatter("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", zone);
      fc.assert(
        fc.property(fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(9999, 11) }), (ms) => {
          // Whole minutes of offset only, since 1972.
          fc.pre(ms > Date.UTC(1972, 0));
          assert.equal(Date.parse(format(ms)), ms);
        }),
        { numRuns: 200 },
      );
    }
  });

  it('refuse letters and zones that do not exist', () => {
    assert.throws(() => compileDateFormatter('YYYY', 'UTC'), { name: 'DatePatternError' });
    assert.throws(() => compileDateFormatter("yyyy'", 'UTC'), { name: 'DatePatternError' });
    assert.throws(() => compileDateFormatter('yyyy', 'Mars/Olympus'), RangeError);
  });
});
