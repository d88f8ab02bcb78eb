/**
 * MurmurHash3 x86 32 (Austin Appleby, public domain): an unsigned 32-bit number whose bits are as good as random even for
 * keys that differ in one letter, at about a nanosecond a byte without native code. Not for secrets: who chooses keys can
 * choose those that meet.
 *
 * It says which provider or which side of a split a key belongs to, so it stays as it is from version to version:
 * another one would move every user.
 */
export function hashBytes(bytes: Uint8Array, start = 0, end: number = bytes.length, seed = 0): number {
  let hash = seed | 0;
  let position = start;
  for (; position + 4 <= end; position += 4) {
    hash = mixBlock(
      hash,
      bytes[position]! | (bytes[position + 1]! << 8) | (bytes[position + 2]! << 16) | (bytes[position + 3]! << 24),
    );
  }
  let tail = 0;
  for (let i = end - 1; i >= position; i--) tail = (tail << 8) | bytes[i]!;
  hash ^= scramble(tail);
  return mixBits(hash ^ (end - start));
}

/** The hash of a text: that of its bytes in UTF-16, low byte first, so that no copy in UTF-8 is needed. */
export function hashText(text: string, seed = 0): number {
  const { length } = text;
  let hash = seed | 0;
  let position = 0;
  for (; position + 2 <= length; position += 2) {
    hash = mixBlock(hash, text.charCodeAt(position) | (text.charCodeAt(position + 1) << 16));
  }
  if (position < length) hash ^= scramble(text.charCodeAt(position));
  return mixBits(hash ^ (length * 2));
}

/** Murmur's last step alone: a number whose every bit follows from every bit of this one, and no two give the same. */
export function mixBits(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function mixBlock(hash: number, block: number): number {
  const mixed = hash ^ scramble(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function scramble(block: number): number {
  const scrambled = Math.imul(block, 0xcc9e2d51);
  return Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
}
