import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ContentCoding, chooseCoding } from '../../../src/http/accept-encoding.ts';
import { fastestMs } from '../../support/fastest-ms.ts';

type Case = readonly [header: string | undefined, coding: ContentCoding | undefined];

function check(cases: readonly Case[]): void {
  for (const [header, coding] of cases) assert.equal(chooseCoding(header), coding, `Accept-Encoding: ${header}`);
}

describe('the coding of an answer', () => {
  it('is none without the header or with an empty one', () => {
    check([
      [undefined, undefined],
      ['', undefined],
      [' \t', undefined],
      [',', undefined],
    ]);
  });

  it('is br where the client weighs br and gzip the same', () => {
    check([
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip, br', 'br'],
      ['br;q=0.5, gzip;q=0.5', 'br'],
      ['gzip;q=1, br;q=1.0', 'br'],
    ]);
  });

  it('is the one of the higher weight', () => {
    check([
      ['gzip', 'gzip'],
      ['br', 'br'],
      ['gzip;q=0.8, br;q=0.799', 'gzip'],
      ['gzip;q=0.001', 'gzip'],
      ['br;q=0.1, gzip;q=0.09', 'br'],
      ['gzip;q=1.000, br;q=0.999', 'gzip'],
    ]);
  });

  it('is never one that is refused with a weight of 0', () => {
    check([
      ['gzip;q=0', undefined],
      ['br;q=0, gzip', 'gzip'],
      ['br;q=0.000, gzip;q=0.', undefined],
      ['br;q=0, *', 'gzip'],
      ['*;q=0', undefined],
      ['*;q=0, gzip', 'gzip'],
      ['gzip, gzip;q=0', undefined],
      ['gzip;q=0, x-gzip', undefined],
    ]);
  });

  it('is one of * where that leaves it open', () => {
    check([
      ['*', 'br'],
      ['*;q=0.1', 'br'],
      ['gzip;q=0.5, *;q=0.4', 'gzip'],
      ['gzip;q=0.5, *;q=0.5', 'br'],
      ['deflate, *;q=0.5', 'br'],
    ]);
  });

  it('is none where identity is preferred by name, and one where it is refused', () => {
    check([
      ['identity', undefined],
      ['identity, gzip;q=0.9', undefined],
      ['identity;q=0.5, gzip;q=0.5', 'gzip'],
      ['identity;q=0.4, gzip;q=0.5', 'gzip'],
      ['identity;q=0, gzip', 'gzip'],
      ['identity;q=0', undefined],
      ['identity;q=0.5, *;q=0', undefined],
    ]);
  });

  it('is none where the client names neither coding', () => {
    check([
      ['deflate', undefined],
      ['zstd, compress;q=0.2', undefined],
      ['brotli', undefined],
      ['gzipp', undefined],
    ]);
  });

  it('takes names in any case, the old name of gzip, blanks and empty members', () => {
    check([
      ['GZip', 'gzip'],
      ['BR', 'br'],
      ['x-gzip', 'gzip'],
      ['X-GZIP;Q=0.5', 'gzip'],
      [',, gzip ,,', 'gzip'],
      ['\tgzip\t;\tq=0.5\t,\tbr;q=0.4', 'gzip'],
    ]);
  });

  it('is none where the header is not well-formed', () => {
    const headers = [
      'gzip;q=1.1',
      'gzip;q=2',
      'gzip;q=-1',
      'gzip;q=',
      'gzip;q',
      'gzip;',
      ';q=1',
      'gzip;q=0.1234',
      'gzip;q=1.001',
      'gzip;q=.5',
      'gzip;q= 1',
      'gzip;q =1',
      'gzip;q=1;q=0',
      'gzip;level=9',
      'gzip q=1',
      'gzip br',
      'gzip/br',
      '"gzip"',
      'gzip;q=0x1',
      'gzip;q=1e0',
      'gzip;q=NaN',
      'gzip,br;q=é',
      'gzïp',
      'gzip\u0000',
      'gzip, br;q="1"',
    ];
    check(headers.map((header) => [header, undefined]));
  });

  it('takes no longer for a hostile header than for its length', () => {
    const hostile = [
      ','.repeat(8_000),
      ' '.repeat(8_000),
      `gzip${' '.repeat(7_990)}x`,
      'gzip;q=0,'.repeat(888),
      `gzip;q=0.${'0'.repeat(7_990)}`,
      `${';q='.repeat(2_666)}`,
      'a'.repeat(8_000),
      `gzip${';'.repeat(7_990)}`,
    ];
    for (const header of hostile) {
      const elapsedMs = fastestMs(10, () => chooseCoding(header));
      assert.ok(elapsedMs < 5, `${elapsedMs} ms for ${header.slice(0, 20)}...`);
    }
  });
});

describe('any header', () => {
  const name = fc.constantFrom('br', 'gzip', 'identity', '*', 'deflate', 'zstd');
  const weight = fc.option(fc.integer({ min: 0, max: 1_000 }), { nil: undefined });
  const members = fc.uniqueArray(fc.record({ name, weight }), { selector: (member) => member.name, maxLength: 6 });

  it('gets a coding that it accepts, and none that it likes less than another', () => {
    fc.assert(
      fc.property(members, (list) => {
        const header = list.map((member) => member.name + weightText(member.weight)).join(', ');
        const weights = new Map<string, number>(list.map((member) => [member.name, member.weight ?? 1_000]));
        const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0;
        const chosen = chooseCoding(header);
        const best = Math.max(weightOf('br'), weightOf('gzip'));
        if (chosen === undefined) assert.ok(best === 0 || best < (weights.get('identity') ?? 0));
        else assert.ok(weightOf(chosen) > 0 && weightOf(chosen) === best);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read without an error, whatever is in it', () => {
    const part = fc.constantFrom('gzip', 'br', '*', ';', 'q=', '0', '1', '.', ',', ' ', '\t', '5', 'é', '"');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (header) => {
          const chosen = chooseCoding(header);
          assert.ok(chosen === undefined || header.includes('*') || header.toLowerCase().includes(chosen));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function weightText(weight: number | undefined): string {
  if (weight === undefined) return '';
  return weight === 1_000 ? ';q=1.000' : `;q=0.${String(weight).padStart(3, '0')}`;
}
