import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DATE_FIELDS, DatePatternError, parseDatePattern } from '../../../src/config/date-pattern.ts';

describe('parseDatePattern', () => {
  it('tells fields from text', () => {
    assert.deepEqual(parseDatePattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX"), [
      { field: 'yyyy' },
      { text: '-' },
      { field: 'MM' },
      { text: '-' },
      { field: 'dd' },
      { text: 'T' },
      { field: 'HH' },
      { text: ':' },
      { field: 'mm' },
      { text: ':' },
      { field: 'ss' },
      { text: '.' },
      { field: 'SSS' },
      { field: 'XXX' },
    ]);
  });

  it("takes '' for a quote, inside and outside of quoted text", () => {
    assert.deepEqual(parseDatePattern("HH''mm"), [{ field: 'HH' }, { text: "'" }, { field: 'mm' }]);
    assert.deepEqual(parseDatePattern("'o''clock'"), [{ text: "o'clock" }]);
  });

  it('refuses other letters and open quotes with their place', () => {
    for (const [pattern, offset] of [
      ['YYYY', 0],
      ['yyyy-M', 5],
      ["yyyy 'at", 5],
      ['dd.MM.yy', 6],
      ['ddd', 0],
    ] as const) {
      assert.throws(
        () => parseDatePattern(pattern),
        (error) => error instanceof DatePatternError && error.offset === offset,
        pattern,
      );
    }
  });

  it('reads any mix of fields and quoted text', () => {
    const part = fc.oneof(
      fc.constantFrom(...DATE_FIELDS).map((field) => ({ written: `${field}`, text: `<${field}>` })),
      fc.string({ minLength: 1 }).map((text) => ({ written: `'${text.replaceAll("'", "''")}'`, text })),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        fc.pre(!parts.some(({ text }, index) => text === "'" || (index > 0 && text === parts[index - 1]!.text)));
        const separated = parts.map(({ written }) => written).join(' ');
        const read = parseDatePattern(separated).map((piece) => ('field' in piece ? `<${piece.field}>` : piece.text));
        assert.equal(read.join(''), parts.map(({ text }) => text).join(' '));
      }),
    );
  });
});
