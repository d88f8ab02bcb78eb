const WORD_BYTES = 4;
const NO_WORDS: readonly number[] = [];

/** Bytes that were seen before, to be known again; four of them are compared at a time. */
export class KnownBytes {
  readonly length: number;
  /** The first four bytes, or all where they are fewer. */
  readonly #first: number;
  /** The last four bytes, which may overlap with others; what differs is often there. */
  readonly #last: number;
  /** The words between them. */
  readonly #middle: readonly number[];

  /** Of `bytes[start, end)`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    const length = end - start;
    const last = end - WORD_BYTES;
    this.length = length;
    this.#first = length < WORD_BYTES ? fewAt(bytes, start, length) : wordAt(bytes, start);
    this.#last = length < WORD_BYTES ? 0 : wordAt(bytes, last);
    this.#middle = length > 2 * WORD_BYTES ? wordsOf(bytes, start + WORD_BYTES, last) : NO_WORDS;
  }

  /** Whether they stand in others at `at`, before `end`. */
  standAt(bytes: Uint8Array, at: number, end: number): boolean {
    const { length } = this;
    if (length > end - at) return false;
    if (length < WORD_BYTES) return fewAt(bytes, at, length) === this.#first;
    if (wordAt(bytes, at + length - WORD_BYTES) !== this.#last || wordAt(bytes, at) !== this.#first) return false;
    const middle = this.#middle;
    for (let i = 0, from = at + WORD_BYTES; i < middle.length; i++, from += WORD_BYTES) {
      if (wordAt(bytes, from) !== middle[i]) return false;
    }
    return true;
  }
}

/** Whole words from `start` on, until `end` is reached or passed. */
function wordsOf(bytes: Uint8Array, start: number, end: number): readonly number[] {
  const count = Math.ceil((end - start) / WORD_BYTES);
  return Array.from({ length: count }, (_, i) => wordAt(bytes, start + i * WORD_BYTES));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function fewAt(bytes: Uint8Array, at: number, length: number): number {
  let few = 0;
  for (let i = 0; i < length; i++) few = (few << 8) | bytes[at + i]!;
  return few;
}
