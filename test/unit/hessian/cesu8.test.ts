import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cesu8End, decodeCesu8, unitLength } from '../../../src/hessian/cesu8.ts';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { body, written } from './bodies.ts';

const units = fc.array(
  fc.oneof(fc.nat(0x7f), fc.nat(0x7ff), fc.integer({ min: 0xd700, max: 0xe100 }), fc.nat(0xffff)),
  {
    maxLength: 60,
  },
);

describe('CESU-8', () => {
  it('decodes what the writer encoded, for any units', () => {
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes);
        const bytes = Buffer.concat([Buffer.from('>>'), written((w) => w.string(text)), Buffer.from('<<')]);
        const start = 2 + (codes.length < 32 ? 1 : 2);
        const end = cesu8End(bytes, start, bytes.length, codes.length, 0);
        assert.equal(end, bytes.length - 2);
        assert.equal(decodeCesu8(bytes, start, end, codes.length), text);
      }),
    );
  });

  it('agrees with UTF-8 wherever there are no surrogates', () => {
    fc.assert(
      fc.property(units, (codes) => {
        const plain = codes.filter((code) => code < 0xd800 || code > 0xdfff);
        const text = String.fromCharCode(...plain);
        const utf8 = Buffer.from(text);
        assert.equal(cesu8End(utf8, 0, utf8.length, plain.length, 0), utf8.length);
        assert.equal(decodeCesu8(utf8, 0, utf8.length, plain.length), text);
      }),
    );
  });

  it('takes every unit of 16 bits in its shortest form and in no other', () => {
    for (let unit = 0; unit <= 0xffff; unit++) {
      const two = Buffer.from([0xc0 | (unit >> 6), 0x80 | (unit & 63)]);
      const three = Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63)]);
      const shortest = unit < 0x80 ? Buffer.from([unit]) : unit < 0x800 ? two : three;
      assert.equal(unitLength(shortest, 0, shortest.length, 0), shortest.length);
      assert.equal(decodeCesu8(shortest, 0, shortest.length, 1).charCodeAt(0), unit);
      if (unit < 0x80) assert.throws(() => unitLength(two, 0, 2, 0), HessianError);
      if (unit < 0x800) assert.throws(() => unitLength(three, 0, 3, 0), HessianError);
    }
  });

  it('refuses every first byte that starts no unit', () => {
    for (let lead = 0x80; lead <= 0xff; lead++) {
      const bytes = Buffer.from([0x41, lead, 0xbf, 0xbf, 0xbf]);
      if (lead >= 0xc2 && lead < 0xf0) assert.ok(unitLength(bytes, 1, 5, 0) >= 2);
      else assert.throws(() => unitLength(bytes, 1, 5, 0), { fault: 'invalid', offset: 1 });
    }
  });

  it('says truncated for a unit that goes past the end, with its place in the body', () => {
    const bytes = body('ffff 61 e4b8ad');
    for (const end of [4, 5]) {
      assert.throws(() => cesu8End(bytes, 2, end, 2, 2), { fault: 'truncated', offset: 1 });
    }
    assert.throws(() => cesu8End(bytes, 2, 3, 2, 2), { fault: 'truncated', offset: 1 });
    assert.throws(() => cesu8End(bytes, 2, 6, 3, 2), { fault: 'truncated', offset: 4 });
    assert.equal(cesu8End(bytes, 2, 6, 2, 2), 6);
    assert.equal(cesu8End(bytes, 6, 6, 0, 2), 6);
  });
});
