import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashBytes, hashText, mixBits } from '../../../src/balancing/murmur3.ts';

/** Published values of MurmurHash3 x86 32. */
const VECTORS: readonly (readonly [text: string, seed: number, hash: number])[] = [
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['test', 0, 0xba6bd213],
  ['test', 0x9747b28c, 0x704b81dc],
  ['Hello, world!', 0, 0xc0363e43],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
  ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ['a', 0x9747b28c, 0x7fa09ea6],
  ['aa', 0x9747b28c, 0x5d211726],
  ['aaa', 0x9747b28c, 0x283e0130],
  ['aaaa', 0x9747b28c, 0x5a97808a],
];

test('gives the published values of MurmurHash3', () => {
  for (const [text, seed, hash] of VECTORS) {
    const bytes = Buffer.from(text);
    assert.equal(hashBytes(bytes, 0, bytes.length, seed), hash, `${text} with seed ${seed}`);
  }
});

test('hashes a text as its bytes in UTF-16, and a part of bytes as a copy of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), fc.nat({ max: 9 }), (text, seed, before) => {
      const bytes = Buffer.from(text, 'utf16le');
      const framed = Buffer.concat([Buffer.alloc(before, 7), bytes, Buffer.alloc(3, 9)]);
      const hash = hashText(text, seed);
      assert.equal(hash, hashBytes(bytes, 0, bytes.length, seed));
      assert.equal(hash, hashBytes(framed, before, before + bytes.length, seed));
      assert.ok(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32);
    }),
  );
});

test('spreads numbers in a row over all hashes', () => {
  const parts = new Array<number>(64).fill(0);
  for (let i = 0; i < 64_000; i++) parts[mixBits(i) >>> 26]!++;
  for (const count of parts) assert.ok(count > 800 && count < 1_200, `${count} of 64,000 in one of 64 parts`);
});
