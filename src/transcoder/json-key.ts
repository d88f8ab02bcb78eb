import type { ByteWriter } from '../bytes/byte-writer.ts';
import { writeString } from '../json/json-writer.ts';

const COMMA = 0x2c;
const COLON = 0x3a;
const WORD_BYTES = 8;
/** Where a word is put together. */
const word = new DataView(new ArrayBuffer(WORD_BYTES));

/**
 * A key of a JSON object with its quotes and its colon. From the second time on it is ready, with or without a comma
 * before it, in words of eight bytes, which are written at once: as doubles, which are copied bit by bit unless they are
 * NaN, and text never is (no byte of UTF-8 is 0xff, and 0x7f is no continuation of a byte of 0xf0 and above).
 */
export class JsonKey {
  readonly #name: string;
  /** In bytes, without the comma. */
  #length = 0;
  #first: Float64Array | undefined = undefined;
  #further: Float64Array | undefined = undefined;
  #wasWritten = false;

  constructor(name: string) {
    this.#name = name;
  }

  write(out: ByteWriter, hasComma: boolean): void {
    const words = hasComma ? this.#further : this.#first;
    if (words === undefined) {
      this.#writeText(out, hasComma);
      return;
    }
    const count = words.length;
    out.ensure(count * WORD_BYTES);
    const { view, position } = out;
    for (let i = 0; i < count; i++) view.setFloat64(position + i * WORD_BYTES, words[i]!, true);
    out.position = position + this.#length + (hasComma ? 1 : 0);
  }

  #writeText(out: ByteWriter, hasComma: boolean): void {
    const start = out.position;
    if (hasComma) out.byte(COMMA);
    writeString(out, this.#name);
    out.byte(COLON);
    // Once is not worth the memory: a peer may send ever new names.
    if (this.#wasWritten) this.#remember(out, start, hasComma);
    this.#wasWritten = true;
  }

  #remember({ buffer, position }: ByteWriter, start: number, hasComma: boolean): void {
    const words = wordsOf(buffer, start, position);
    this.#length = position - start - (hasComma ? 1 : 0);
    if (hasComma) this.#further = words;
    else this.#first = words;
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
