import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIsoDateTime } from '../../../../src/transcoder/arguments/iso-time.ts';
import { ZONE_NAMES } from '../../../../src/transcoder/arguments/zone-names.ts';
import { formatOffset, isOffsetOfZone, javaZone } from '../../../../src/transcoder/arguments/zone-offset.ts';

describe('ZONE_NAMES', () => {
  it('has older names, newer names and those without region, in their very spelling', () => {
    for (const name of ['Asia/Kolkata', 'Asia/Calcutta', 'Europe/Kyiv', 'UTC', 'Etc/GMT+5', 'US/Pacific', 'NZ-CHAT']) {
      assert.ok(ZONE_NAMES.has(name), name);
    }
    assert.ok(ZONE_NAMES.has('America/Argentina/ComodRivadavia'));
    for (const name of ['', 'EST', 'Asia/kolkata', 'utc', 'SystemV/EST5']) assert.ok(!ZONE_NAMES.has(name), name);
  });

  it('has only names that the runtime can calculate with', () => {
    const time = parseIsoDateTime('2026-01-31T10:15:30Z')!;
    for (const name of ZONE_NAMES) assert.doesNotThrow(() => isOffsetOfZone(time, name), name);
  });
});

describe('javaZone', () => {
  const good: [string, string][] = [
    ['Europe/Berlin', 'Europe/Berlin'],
    ['Z', 'Z'],
    ['+00:00', 'Z'],
    ['+0530', '+05:30'],
    ['-18:00', '-18:00'],
    ['+01:02:03', '+01:02:03'],
    ['UT', 'UT'],
    ['GMT+01:00', 'GMT+01:00'],
    ['UTC-0330', 'UTC-03:30'],
    ['UTC+00:00', 'UTC'],
  ];
  for (const [text, expected] of good) {
    it(`reads ${text}`, () => assert.equal(javaZone(text), expected));
  }

  it('refuses what Java would make null of', () => {
    for (const text of ['', 'Foo/Bar', 'europe/berlin', 'EST', '+18:01', '+1', '+01:', 'UTC+19:00', 'UTC+', 'z']) {
      assert.equal(javaZone(text), undefined, text);
    }
  });
});

describe('isOffsetOfZone', () => {
  const cases: [string, boolean][] = [
    ['2026-01-31T10:15:30+01:00[Europe/Berlin]', true],
    ['2026-01-31T10:15:30+02:00[Europe/Berlin]', false],
    ['2026-07-31T10:15:30+02:00[Europe/Berlin]', true],
    ['2024-10-27T02:30+02:00[Europe/Berlin]', true],
    ['2024-10-27T02:30+01:00[Europe/Berlin]', true],
    ['2024-03-31T02:30+01:00[Europe/Berlin]', false],
    ['2026-01-31T23:59:59.999+05:45[Asia/Kathmandu]', true],
    ['2026-01-01T00:00Z[UTC]', true],
    ['2026-01-31T10:15:30-12:00[Pacific/Auckland]', false],
    ['1950-01-31T10:15:30+05:00[Europe/Berlin]', true],
  ];
  for (const [text, expected] of cases) {
    it(`says ${expected} of ${text}`, () => {
      const time = parseIsoDateTime(text)!;
      assert.equal(isOffsetOfZone(time, time.zone!), expected);
    });
  }
});

describe('formatOffset', () => {
  it('writes as Java does', () => {
    assert.deepEqual([0, 3600, -5400, 19_800, -3_601].map(formatOffset), [
      'Z',
      '+01:00',
      '-01:30',
      '+05:30',
      '-01:00:01',
    ]);
  });
});
