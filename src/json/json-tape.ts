/**
 * A parsed JSON text is a tape: an `Int32Array` with one record of `RECORD` numbers for each value and each object key,
 * in the order of the text. A node is the offset of its record. The children of a container follow it directly; those
 * of an object alternate key and value.
 *
 * | slot | holds |
 * |---|---|
 * | `START` | first byte: of a string the one after the quote |
 * | `END` | byte after the last: of a string its closing quote; of an object or array the number of children |
 * | `NEXT` | of an object or array the node after all that is inside it; of others what `EXTRA` holds |
 * | `EXTRA` | of a key the hash of its bytes; of a string its UTF-16 units or `UNKNOWN_UNITS`; of a short number its digits |
 * | `INFO` | kind in the low bits, flags, in the high bits how many objects end here |
 */
export const RECORD = 4;
/** The node of the whole text. */
export const ROOT = 0;
export const START = 0;
export const END = 1;
export const NEXT = 2;
export const EXTRA = 2;
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
/**
 * A number of at most nine digits and without exponent, and not a negative zero with a fraction: `EXTRA` holds all its
 * digits as an integer with its sign, the bits from `SCALE_SHIFT` on say how many of them are behind the point.
 */
export const FLAG_SHORT_NUMBER = 1 << 9;
export const SCALE_SHIFT = 10;
export const SCALE_MASK = 0xf;
/** The bits of `INFO` from here on count the objects that end right behind this record, its own too when it is empty. */
export const CLOSES_SHIFT = 14;

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

/** Strings of more bytes are not short: nothing is said of their units. */
export const MAX_SHORT_STRING_BYTES = 80;
/** In place of the units of a string that has escapes, characters of four bytes, or is not short. */
export const UNKNOWN_UNITS = -1;

/** The node after a value and all that is inside it. */
export function nextNode(tape: Int32Array, value: number): number {
  return (tape[value + INFO]! & KIND_MASK) >= JsonKind.Array ? tape[value + NEXT]! : value + RECORD;
}

/** A key's hash goes over the bytes between its quotes in words of this many, little endian, the last filled up with zeros. */
export const KEY_HASH_BYTES = 4;
export const KEY_HASH_START = 0x811c9dc5 | 0;
/** A step of a key's hash: `Math.imul(hash ^ word, KEY_HASH_PRIME)`. Its upper bits are the better ones. */
export const KEY_HASH_PRIME = 0x01000193;

/** The hash that the tape keeps for a key with the bytes `[start, end)`, for keys without escapes. */
export function keyHash(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let hash = KEY_HASH_START;
  for (let at = start; at < end; at += KEY_HASH_BYTES) {
    let word = 0;
    for (let i = Math.min(KEY_HASH_BYTES, end - at) - 1; i >= 0; i--) word = (word << 8) | bytes[at + i]!;
    hash = Math.imul(hash ^ word, KEY_HASH_PRIME);
  }
  return hash;
}
