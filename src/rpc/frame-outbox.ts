import { ByteWriter } from '../bytes/byte-writer.ts';

interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const INITIAL_BYTES = 16 * 1024;

/**
 * The bytes of one connection that wait for the socket, in two buffers that take turns: frames are added to one while
 * the other is being written, so that bytes handed to the socket never change and nothing is allocated.
 */
export class FrameOutbox {
  readonly #maxBytes: number;
  #filling: ByteWriter;
  #writing: ByteWriter;
  #isWriting = false;
  #discarded: ByteRange[] = [];

  /** @param maxBytes most bytes that wait or are being written; a lone frame is always taken */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#filling = new ByteWriter(INITIAL_BYTES, Number.MAX_SAFE_INTEGER);
    this.#writing = new ByteWriter(INITIAL_BYTES, Number.MAX_SAFE_INTEGER);
  }

  /** Where frames are added. Ask `hasRoomFor` before. Replaced by `take`. */
  get writer(): ByteWriter {
    return this.#filling;
  }

  /** Whether bytes were taken and `written` has not been called yet. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  get waitingBytes(): number {
    return this.#filling.position;
  }

  hasRoomFor(bytes: number): boolean {
    const held = this.#filling.position + (this.#isWriting ? this.#writing.position : 0);
    return held === 0 || held + bytes <= this.#maxBytes;
  }

  /** Takes back bytes `[start, end)` of `writer`: they will not be among those taken. */
  discard(start: number, end: number): void {
    this.#discarded.push({ start, end });
  }

  /**
   * The bytes to write now, undefined if there are none or the last ones are still being written. They stay as they are
   * until `written` is called.
   */
  take(): Buffer | undefined {
    if (this.#isWriting) return undefined;
    if (this.#discarded.length > 0) this.#removeDiscarded();
    const full = this.#filling;
    if (full.position === 0) return undefined;
    this.#filling = this.#writing;
    this.#writing = full;
    this.#isWriting = true;
    return full.buffer.subarray(0, full.position);
  }

  /** The bytes last taken may be overwritten. */
  written(): void {
    this.#writing.reset();
    this.#isWriting = false;
  }

  #removeDiscarded(): void {
    const writer = this.#filling;
    const ranges = this.#discarded.sort((a, b) => a.start - b.start);
    this.#discarded = [];
    let kept = ranges[0]!.start;
    for (let i = 0; i < ranges.length; i++) {
      const from = ranges[i]!.end;
      const to = ranges[i + 1]?.start ?? writer.position;
      writer.buffer.copyWithin(kept, from, to);
      kept += to - from;
    }
    writer.position = kept;
  }
}
