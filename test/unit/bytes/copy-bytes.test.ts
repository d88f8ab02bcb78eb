import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { copyBytes } from '../../../src/bytes/copy-bytes.ts';

describe('copyBytes', () => {
  it('copies each length from any place to any place, and nothing beside it', () => {
    const source = Buffer.from(Array.from({ length: 400 }, (_, index) => 1 + (index % 255)));
    for (let length = 0; length <= 300; length++) {
      const start = length % 7;
      const at = length % 11;
      const target = Buffer.alloc(400);
      assert.equal(copyBytes(source, start, start + length, target, at), at + length);
      const expected = Buffer.alloc(400);
      source.copy(expected, at, start, start + length);
      assert.deepEqual(target, expected);
    }
  });
});
