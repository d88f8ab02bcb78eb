/** A line this long in bytes is given on as it is, with a line feed. */
const MAX_LINE_BYTES = 1024 * 1024;
const LINE_FEED = 10;

/** Makes whole lines of the bytes of another process, however they were cut up on their way. */
export class LineCutter {
  /** The beginning of a line. */
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** The lines that are whole now; undefined while there are none. */
  push(bytes: Buffer): Buffer | undefined {
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end === 0 && this.#restBytes + bytes.length <= MAX_LINE_BYTES) {
      this.#keep(bytes);
      return undefined;
    }
    const lines = end === 0 ? [bytes, Buffer.of(LINE_FEED)] : [bytes.subarray(0, end)];
    const whole = this.#rest.length + lines.length === 1 ? lines[0]! : Buffer.concat([...this.#rest, ...lines]);
    this.#rest = [];
    this.#restBytes = 0;
    if (end > 0 && end < bytes.length) this.#keep(bytes.subarray(end));
    return whole;
  }

  /** A copy: the rest of the bytes may be large, and is gone soon. */
  #keep(bytes: Buffer): void {
    this.#rest.push(Buffer.from(bytes));
    this.#restBytes += bytes.length;
  }
}
