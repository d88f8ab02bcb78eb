import { HessianError } from './hessian-error.ts';

const EMPTY = Buffer.alloc(0);
/** Where the two halves of a double are put together. */
const doubleBits = new DataView(new ArrayBuffer(8));

/**
 * A place in the bytes of one body and the checked, big-endian reads from it. Every read past `end` throws a
 * `HessianError` and never gives a value.
 */
export class BodyCursor {
  bytes: Buffer = EMPTY;
  position = 0;
  end = 0;
  /** Where the body starts in `bytes`; offsets of errors count from here. */
  base = 0;

  /** An error at the current byte, or `back` bytes from it. */
  fault(fault: HessianError['fault'], message: string, back = 0): HessianError {
    return new HessianError(fault, this.position + back - this.base, message);
  }

  protected moveTo(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.base = start;
  }

  protected letGo(): void {
    this.moveTo(EMPTY, 0, 0);
  }

  /** The byte that `readByte` would give, -1 at the end. */
  protected peekByte(): number {
    return this.position < this.end ? this.bytes[this.position]! : -1;
  }

  protected readByte(): number {
    if (this.position >= this.end) throw this.fault('truncated', 'value ends early');
    return this.bytes[this.position++]!;
  }

  protected readUint16(): number {
    const at = this.#take(2);
    return (this.bytes[at]! << 8) | this.bytes[at + 1]!;
  }

  protected readInt32(): number {
    return int32At(this.bytes, this.#take(4));
  }

  protected readDouble(): number {
    const at = this.#take(8);
    return doubleOf(int32At(this.bytes, at), int32At(this.bytes, at + 4));
  }

  /** A count sent by the peer: every element takes a byte at least, so more than what is left is an error at once. */
  protected checkCount(count: number): void {
    if (count < 0) throw this.fault('invalid', `${count} elements announced`);
    if (count > this.end - this.position) {
      throw this.fault('truncated', `${count} elements announced, ${this.end - this.position} bytes left`);
    }
  }

  /** Moves past `count` bytes and gives their start. */
  #take(count: number): number {
    const at = this.position;
    if (count > this.end - at) throw this.fault('truncated', 'value ends early');
    this.position = at + count;
    return at;
  }
}

/** Four bytes as a signed, big-endian number. */
export function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** The double with these bits, as two signed 32-bit numbers. */
export function doubleOf(high: number, low: number): number {
  doubleBits.setInt32(0, high);
  doubleBits.setInt32(4, low);
  return doubleBits.getFloat64(0);
}
