import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteText } from '../../../src/bytes/byte-text.ts';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';

describe('ByteText', () => {
  it('keeps each byte as one character, and is the text again that the bytes encode', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = Buffer.from(text);
        const kept = new ByteText(bytes.toString('latin1'));
        assert.equal(kept.length, bytes.length);
        assert.deepEqual(kept.toBuffer(), bytes);
        assert.equal(kept.toString(), bytes.toString());
      }),
    );
  });

  it('is a copy of what a writer holds', () => {
    const out = new ByteWriter(1);
    out.bytes(Buffer.from('中é😀'));
    const taken = out.takeText();
    out.reset();
    out.ascii('overwritten, all of it');
    assert.deepEqual([taken.length, taken.toString()], [9, '中é😀']);
    out.reset();
    assert.equal(out.takeText().toString(), '');
  });
});
