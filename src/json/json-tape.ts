/**
 * A parsed JSON text is a tape: an `Int32Array` with one record of `RECORD` numbers for each value and each object key,
 * in the order of the text. A node is the offset of its record. The children of a container follow it directly; those
 * of an object alternate key and value.
 *
 * | slot | holds |
 * |---|---|
 * | `START` | first byte: of a string the one after the quote |
 * | `END` | byte after the last: of a string its closing quote; of an object or array the number of children |
 * | `NEXT` | node after this value and all that is inside it; of a key the hash of its bytes |
 * | `INFO` | kind in the low bits, flags |
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

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** Start value of a key's hash (FNV-1a over the bytes between its quotes). */
export const KEY_HASH_START = FNV_OFFSET;

/** One step of a key's hash. */
export function keyHashStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, FNV_PRIME);
}

/** The hash that the tape keeps for a key with these bytes, for keys without escapes. */
export function keyHash(bytes: Uint8Array): number {
  let hash = KEY_HASH_START;
  for (let i = 0; i < bytes.length; i++) hash = keyHashStep(hash, bytes[i]!);
  return hash;
}
