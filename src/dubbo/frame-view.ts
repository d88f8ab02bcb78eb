import { FLAG_EVENT, FLAG_REQUEST, FLAG_TWO_WAY, SERIALIZATION_MASK } from './frame-header.ts';

/**
 * One frame as it stands in a buffer. A splitter fills the same object anew for each frame: neither it nor the bytes may
 * be kept.
 */
export class FrameView {
  /** Byte 2 of the header. */
  flags = 0;
  status = 0;
  /** The request id as two signed 32-bit halves: peers use all 64 bits. */
  idHigh = 0;
  idLow = 0;
  buffer: Buffer = EMPTY;
  /** The body is `buffer[start, end)`. */
  start = 0;
  end = 0;

  get isRequest(): boolean {
    return (this.flags & FLAG_REQUEST) !== 0;
  }

  get isTwoWay(): boolean {
    return (this.flags & FLAG_TWO_WAY) !== 0;
  }

  get isEvent(): boolean {
    return (this.flags & FLAG_EVENT) !== 0;
  }

  get serialization(): number {
    return this.flags & SERIALIZATION_MASK;
  }
}

const EMPTY = Buffer.alloc(0);
