import { FrameError } from './frame-error.ts';
import { FRAME_HEADER_BYTES, MAGIC_HIGH, MAGIC_LOW, readBodyBytes, readIdHigh, readIdLow } from './frame-header.ts';
import { FrameView } from './frame-view.ts';

/** Where a splitter puts what it finds. */
export interface FrameSink {
  /** A whole frame. */
  onFrame(frame: FrameView): void;
  /** The header of a frame whose body is too large; the body is skipped and never kept. `start` and `end` are 0. */
  onOversized(header: FrameView, bodyBytes: number): void;
}

/** A body buffer up to this size is kept for the next frame that comes in parts. */
const KEEP_BYTES = 256 * 1024;

/**
 * Cuts the bytes of one connection into frames, wherever the chunks begin and end.
 *
 * A frame that lies whole in a chunk is handed over as a view of that chunk. Of other frames the body is collected in
 * one buffer of its announced length, so that each byte is copied once. More than `maxBodyBytes` is never kept.
 */
export class FrameSplitter {
  readonly #maxBodyBytes: number;
  readonly #view = new FrameView();
  /** Header bytes that came before the rest of their header. */
  readonly #header = Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES);
  #headerBytes = 0;
  /** The body being collected; `#bodyLength` is -1 while there is none. */
  #body: Buffer = EMPTY;
  #bodyLength = -1;
  #bodyBytes = 0;
  #skipBytes = 0;
  #closed = false;

  /** @param maxBodyBytes largest body that is taken, without its header */
  constructor(maxBodyBytes: number) {
    this.#maxBodyBytes = maxBodyBytes;
  }

  /**
   * Takes the next bytes, `chunk[0, length)`, and hands over each frame that they complete. The chunk may be used for
   * other bytes afterwards. The sink may call `close`, but not `push`.
   *
   * @throws FrameError where the bytes are no frame; frames before that place have been handed over
   */
  push(chunk: Buffer, sink: FrameSink, length: number = chunk.length): void {
    let position = 0;
    while (position < length && !this.#closed) {
      if (this.#skipBytes > 0) {
        const count = Math.min(this.#skipBytes, length - position);
        this.#skipBytes -= count;
        position += count;
      } else if (this.#bodyLength >= 0) {
        position = this.#collectBody(chunk, position, length, sink);
      } else if (this.#headerBytes > 0 || length - position < FRAME_HEADER_BYTES) {
        position = this.#collectHeader(chunk, position, length, sink);
      } else {
        position = this.#takeFrame(chunk, position, length, sink);
      }
    }
  }

  /** Drops what is collected; further bytes are ignored. */
  close(): void {
    this.#closed = true;
    this.#body = EMPTY;
  }

  /** A header begins at `position` and lies whole in the chunk. */
  #takeFrame(chunk: Buffer, position: number, length: number, sink: FrameSink): number {
    const bodyLength = this.#readHeader(chunk, position);
    const start = position + FRAME_HEADER_BYTES;
    if (bodyLength > this.#maxBodyBytes) {
      this.#refuse(bodyLength, sink);
      return start;
    }
    const end = start + bodyLength;
    if (end > length) {
      this.#beginBody(bodyLength);
      return start;
    }
    const view = this.#view;
    view.buffer = chunk;
    view.start = start;
    view.end = end;
    sink.onFrame(view);
    return end;
  }

  #collectHeader(chunk: Buffer, position: number, length: number, sink: FrameSink): number {
    const header = this.#header;
    const count = Math.min(FRAME_HEADER_BYTES - this.#headerBytes, length - position);
    chunk.copy(header, this.#headerBytes, position, position + count);
    this.#headerBytes += count;
    if (this.#headerBytes < FRAME_HEADER_BYTES) {
      this.#checkMagic(header, 0, this.#headerBytes);
      return position + count;
    }
    this.#headerBytes = 0;
    const bodyLength = this.#readHeader(header, 0);
    if (bodyLength > this.#maxBodyBytes) this.#refuse(bodyLength, sink);
    else if (bodyLength === 0) this.#emit(header, 0, sink);
    else this.#beginBody(bodyLength);
    return position + count;
  }

  #collectBody(chunk: Buffer, position: number, length: number, sink: FrameSink): number {
    const missing = this.#bodyLength - this.#bodyBytes;
    const count = Math.min(missing, length - position);
    chunk.copy(this.#body, this.#bodyBytes, position, position + count);
    this.#bodyBytes += count;
    if (count === missing) {
      const body = this.#body;
      const bodyLength = this.#bodyLength;
      this.#bodyLength = -1;
      if (body.length > KEEP_BYTES) this.#body = EMPTY;
      this.#emit(body, bodyLength, sink);
    }
    return position + count;
  }

  #beginBody(bodyLength: number): void {
    if (this.#body.length < bodyLength) this.#body = Buffer.allocUnsafeSlow(roundUp(bodyLength));
    this.#bodyLength = bodyLength;
    this.#bodyBytes = 0;
  }

  #emit(body: Buffer, bodyLength: number, sink: FrameSink): void {
    const view = this.#view;
    view.buffer = body;
    view.start = 0;
    view.end = bodyLength;
    sink.onFrame(view);
  }

  #refuse(bodyLength: number, sink: FrameSink): void {
    this.#skipBytes = bodyLength;
    const view = this.#view;
    view.buffer = EMPTY;
    view.start = 0;
    view.end = 0;
    sink.onOversized(view, bodyLength);
  }

  /** Fills the view from the header at `offset` and returns the length of the body. */
  #readHeader(buffer: Buffer, offset: number): number {
    this.#checkMagic(buffer, offset, FRAME_HEADER_BYTES);
    const bodyLength = readBodyBytes(buffer, offset);
    if (bodyLength < 0) {
      this.close();
      throw new FrameError('negative-length', `frame header announces a body of ${bodyLength} bytes`);
    }
    const view = this.#view;
    view.flags = buffer[offset + 2]!;
    view.status = buffer[offset + 3]!;
    view.idHigh = readIdHigh(buffer, offset);
    view.idLow = readIdLow(buffer, offset);
    return bodyLength;
  }

  #checkMagic(buffer: Buffer, offset: number, available: number): void {
    if (buffer[offset] === MAGIC_HIGH && (available < 2 || buffer[offset + 1] === MAGIC_LOW)) return;
    this.close();
    const found = buffer.toString('hex', offset, offset + Math.min(available, 2));
    throw new FrameError('bad-magic', `expected the frame magic dabb, got ${found}`);
  }
}

const EMPTY = Buffer.alloc(0);

/** Bodies that are kept come in few sizes, so that slightly growing answers do not allocate each time. */
function roundUp(bytes: number): number {
  if (bytes > KEEP_BYTES) return bytes;
  let size = 4096;
  while (size < bytes) size *= 2;
  return size;
}
