import type { ByteWriter } from '../bytes/byte-writer.ts';

const COMMA = 0x2c;
const WORD_BYTES = 8;

/**
 * A key that is ready with its quotes and its colon, with and without a comma before it. It is kept in words of eight
 * bytes, which are written at once: as doubles, which are copied bit by bit unless they are NaN, and text never is (no
 * byte of UTF-8 is 0xff, and 0x7f is no continuation of a byte of 0xf0 and above).
 */
export class JsonKey {
  readonly #length: number;
  readonly #first: Float64Array;
  readonly #further: Float64Array;

  /** @param json `"name":` as UTF-8 */
  constructor(json: Uint8Array) {
    this.#length = json.length;
    this.#first = wordsOf(json);
    this.#further = wordsOf(Buffer.concat([Buffer.of(COMMA), json]));
  }

  /** Length in bytes, without the comma. */
  get length(): number {
    return this.#length;
  }

  write(out: ByteWriter, hasComma: boolean): void {
    const words = hasComma ? this.#further : this.#first;
    const count = words.length;
    out.ensure(count * WORD_BYTES);
    const { view, position } = out;
    for (let i = 0; i < count; i++) view.setFloat64(position + i * WORD_BYTES, words[i]!, true);
    out.position = position + this.#length + (hasComma ? 1 : 0);
  }
}

function wordsOf(bytes: Uint8Array): Float64Array {
  const view = new DataView(new ArrayBuffer(Math.ceil(bytes.length / WORD_BYTES) * WORD_BYTES));
  for (const [at, byte] of bytes.entries()) view.setUint8(at, byte);
  return Float64Array.from({ length: view.byteLength / WORD_BYTES }, (_, i) => view.getFloat64(i * WORD_BYTES, true));
}
