import { ByteText } from './byte-text.ts';
import { copyBytes } from './copy-bytes.ts';

/** Thrown when a writer would grow past its cap. */
export class ByteLimitError extends Error {
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`output exceeds ${maxBytes} bytes`);
    this.name = 'ByteLimitError';
    this.maxBytes = maxBytes;
  }
}

/** The most a single reservation may pass the cap by; a Hessian string chunk may take six bytes for each of its units. */
const RESERVE_BYTES = 512 * 1024;

/**
 * A growing byte buffer with a cap, shared by the Hessian and the JSON side.
 *
 * Hot paths call `ensure(n)` once and then write to `buffer` at `position` themselves. `buffer` is replaced when it
 * grows: never keep it across a call that may write.
 */
export class ByteWriter {
  buffer: Buffer;
  /** The bytes of `buffer` as wider numbers. */
  view: DataView;
  position = 0;
  maxBytes: number;
  readonly #keepBytes: number;

  /**
   * @param initialBytes size of the first buffer, default 4 KiB
   * @param maxBytes cap, default 16 MiB; `checkLimit` is exact, growing stops a little above it
   * @param keepBytes a buffer that grew past this is let go by `reset`, default 1 MiB
   */
  constructor(initialBytes = 4096, maxBytes = 16 * 1024 * 1024, keepBytes = 1024 * 1024) {
    this.buffer = Buffer.allocUnsafeSlow(initialBytes);
    this.view = viewOf(this.buffer);
    this.maxBytes = maxBytes;
    this.#keepBytes = keepBytes;
  }

  /** Empties the writer for reuse. */
  reset(): void {
    this.position = 0;
    if (this.buffer.length > this.#keepBytes) {
      this.buffer = Buffer.allocUnsafeSlow(this.#keepBytes);
      this.view = viewOf(this.buffer);
    }
  }

  /** Makes room for `count` more bytes. */
  ensure(count: number): void {
    const needed = this.position + count;
    if (needed > this.buffer.length) this.#grow(needed);
  }

  byte(value: number): void {
    if (this.position === this.buffer.length) this.#grow(this.position + 1);
    this.buffer[this.position++] = value;
  }

  int32(value: number): void {
    this.ensure(4);
    const { buffer, position } = this;
    buffer[position] = value >>> 24;
    buffer[position + 1] = value >>> 16;
    buffer[position + 2] = value >>> 8;
    buffer[position + 3] = value;
    this.position = position + 4;
  }

  double(value: number): void {
    this.ensure(8);
    this.position = this.buffer.writeDoubleBE(value, this.position);
  }

  /** Appends text whose characters are all below 0x80. */
  ascii(text: string): void {
    const { length } = text;
    this.ensure(length);
    if (length < 32) {
      const { buffer, position } = this;
      for (let i = 0; i < length; i++) buffer[position + i] = text.charCodeAt(i);
      this.position = position + length;
    } else {
      this.position += this.buffer.write(text, this.position, 'latin1');
    }
  }

  /** Appends `source[start, end)`. */
  bytes(source: Uint8Array, start = 0, end = source.length): void {
    this.ensure(end - start);
    this.position = copyBytes(source, start, end, this.buffer, this.position);
  }

  /** Appends a copy of what this writer already holds in `[start, end)`. */
  repeat(start: number, end: number): void {
    const count = end - start;
    this.ensure(count);
    this.buffer.copyWithin(this.position, start, end);
    this.position += count;
  }

  /** Writes an int32 at a place reserved earlier. */
  patchInt32(at: number, value: number): void {
    this.view.setInt32(at, value);
  }

  /** A copy of `[start, position)` that the writer no longer shares. */
  take(start = 0): Buffer {
    const copy = Buffer.allocUnsafe(this.position - start);
    this.buffer.copy(copy, 0, start, this.position);
    return copy;
  }

  /** All that was written; a copy too, but much cheaper for few bytes. */
  takeText(): ByteText {
    return new ByteText(this.buffer.toString('latin1', 0, this.position));
  }

  /** Throws `ByteLimitError` when more than `maxBytes` have been written. Called once at the end of what is bounded. */
  checkLimit(): void {
    if (this.position > this.maxBytes) throw new ByteLimitError(this.maxBytes);
  }

  /** `ensure` asks for the most that a piece may take, so what it asks may pass the cap a little without being written. */
  #grow(needed: number): void {
    if (this.position > this.maxBytes || needed > this.maxBytes + RESERVE_BYTES)
      throw new ByteLimitError(this.maxBytes);
    const grown = Buffer.allocUnsafeSlow(
      Math.max(needed, Math.min(this.buffer.length * 2, this.maxBytes + RESERVE_BYTES)),
    );
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
    this.view = viewOf(grown);
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}
