import { HEADER_BYTES, writeHeader } from './wire.ts';

const SLAB_BYTES = 64 * 1024;

/**
 * Collects the bytes that go out in one socket write. Taken bytes are never written to again: the next ones go behind
 * them, or into a new slab.
 */
export class OutputSlab {
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #start = 0;
  #end = 0;

  /** Bytes appended since the last take. */
  get length(): number {
    return this.#end - this.#start;
  }

  get isEmpty(): boolean {
    return this.#end === this.#start;
  }

  append(bytes: Buffer): void {
    this.#reserve(bytes.length);
    bytes.copy(this.#slab, this.#end);
    this.#end += bytes.length;
  }

  appendFrame(flags: number, status: number, id: Buffer, body: Buffer): void {
    this.#reserve(HEADER_BYTES + body.length);
    writeHeader(this.#slab, this.#end, flags, status, id, body.length);
    body.copy(this.#slab, this.#end + HEADER_BYTES);
    this.#end += HEADER_BYTES + body.length;
  }

  /** Everything appended since the last take. */
  take(): Buffer {
    const taken = this.#slab.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return taken;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#slab.length) return;
    const waiting = this.#end - this.#start;
    const next = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, (waiting + bytes) * 2));
    this.#slab.copy(next, 0, this.#start, this.#end);
    this.#slab = next;
    this.#start = 0;
    this.#end = waiting;
  }
}
