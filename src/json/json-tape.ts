/**
 * A parsed JSON text is a tape: an `Int32Array` with one record of `RECORD` numbers for each value and each object key,
 * in the order of the text. A node is the offset of its record. The children of a container follow it directly; those
 * of an object alternate key and value. Tapes share arrays, so the first node of one need not be 0.
 *
 * | slot | holds |
 * |---|---|
 * | `START` | first byte: of a string the one after the quote |
 * | `END` | byte after the last: of a string its closing quote; of an object or array the number of children |
 * | `NEXT` | node after this value and all that is inside it; of a key the hash of its bytes |
 * | `INFO` | kind in the low bits, flags, in the high bits how many objects end here |
 */
export const RECORD = 4;
export const START = 0;
export const END = 1;
export const NEXT = 2;
export const INFO = 3;

export const KIND_MASK = 0b111;
/** A string holds at least one backslash escape. */
export const FLAG_ESCAPES = 1 << 3;
/** A string holds at least one character beyond ASCII that is not written as an escape. */
export const FLAG_NON_ASCII = 1 << 4;
/** A number has a fraction or an exponent. */
export const FLAG_FRACTION = 1 << 5;
/** A key that comes again later in the same object; the later one counts. */
export const FLAG_DEAD = 1 << 6;
/** A key, not a value. */
export const FLAG_KEY = 1 << 7;
/** An object that may have a key twice; looked into where it ends. */
export const FLAG_UNSURE_KEYS = 1 << 8;
/** The bits of `INFO` from here on count the objects that end right behind this record, its own too when it is empty. */
export const CLOSES_SHIFT = 9;

/** What a node is. */
export const JsonKind = {
  Null: 0,
  True: 1,
  False: 2,
  Number: 3,
  String: 4,
  Array: 5,
  Object: 6,
} as const;
export type JsonKind = (typeof JsonKind)[keyof typeof JsonKind];

/** Start value of a key's hash: FNV-1a over the bytes between its quotes. */
export const KEY_HASH_START = 0x811c9dc5 | 0;
/** A step of a key's hash: `Math.imul(hash ^ byte, KEY_HASH_PRIME)`. */
export const KEY_HASH_PRIME = 0x01000193;

/** The hash that the tape keeps for a key with the bytes `[start, end)`, for keys without escapes. */
export function keyHash(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let hash = KEY_HASH_START;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, KEY_HASH_PRIME);
  return hash;
}
