import type { ByteWriter } from '../bytes/byte-writer.ts';
import { writeString } from '../json/json-writer.ts';

const COMMA = 0x2c;
const COLON = 0x3a;
const WORD_BYTES = 8;
const NO_WORDS = new Float64Array(0);
/** Where a word is put together. */
const word = new DataView(new ArrayBuffer(WORD_BYTES));

/**
 * A key of a JSON object with a comma before it, its quotes and its colon. From the second time on it is ready in words of
 * eight bytes, which are written at once: as doubles, which are copied bit by bit unless they are NaN, and text never is
 * (no byte of UTF-8 is 0xff, and 0x7f is no continuation of a byte of 0xf0 and above).
 */
export class JsonKey {
  readonly #name: string;
  /** Bytes that `put` writes to, some of them behind the key; 0 until the key is ready. */
  room = 0;
  /** In bytes. */
  #length = 0;
  #words: Float64Array = NO_WORDS;
  #wasWritten = false;

  constructor(name: string) {
    this.#name = name;
  }

  write(out: ByteWriter): void {
    if (this.room === 0) {
      this.#writeText(out);
    } else {
      out.ensure(this.room);
      out.position = this.put(out.view, out.position);
    }
  }

  /** Writes a key that is ready to a place with room for it. Returns the position behind it. */
  put(view: DataView, at: number): number {
    const words = this.#words;
    for (let i = 0; i < words.length; i++) view.setFloat64(at + i * WORD_BYTES, words[i]!, true);
    return at + this.#length;
  }

  #writeText(out: ByteWriter): void {
    const start = out.position;
    out.byte(COMMA);
    writeString(out, this.#name);
    out.byte(COLON);
    // Once is not worth the memory: a peer may send ever new names.
    if (this.#wasWritten) this.#remember(out, start);
    this.#wasWritten = true;
  }

  #remember({ buffer, position }: ByteWriter, start: number): void {
    this.#words = wordsOf(buffer, start, position);
    this.#length = position - start;
    this.room = this.#words.length * WORD_BYTES;
  }
}

function wordsOf(bytes: Uint8Array, start: number, end: number): Float64Array {
  const words = new Float64Array(Math.ceil((end - start) / WORD_BYTES));
  for (let i = 0; i < words.length; i++) {
    for (let k = 0; k < WORD_BYTES; k++) {
      const at = start + i * WORD_BYTES + k;
      word.setUint8(k, at < end ? bytes[at]! : 0);
    }
    words[i] = word.getFloat64(0, true);
  }
  return words;
}
