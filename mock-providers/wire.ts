/** Bytes before the body of every frame. */
export const HEADER_BYTES = 16;

export const FLAG_REQUEST = 0x80;
export const FLAG_TWO_WAY = 0x40;
export const FLAG_EVENT = 0x20;
export const SERIALIZATION_MASK = 0x1f;

export const HESSIAN2 = 2;
export const FASTJSON2 = 23;

export const STATUS_OK = 20;
export const STATUS_BAD_REQUEST = 40;
export const STATUS_SERVICE_ERROR = 70;

/** Hessian null, the body of a heartbeat. */
export const NULL_BODY: Buffer = Buffer.from('N');

/** The stream cannot be cut into frames any more. */
export class BadFrame extends Error {}

/** One frame: 16 bytes of header and the body behind them. */
export function encodeFrame(flags: number, status: number, id: Buffer, body: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  writeHeader(frame, 0, flags, status, id, body.length);
  body.copy(frame, HEADER_BYTES);
  return frame;
}

/** Writes a header at `offset`; `id` is the 8 bytes of the request id. */
export function writeHeader(
  target: Buffer,
  offset: number,
  flags: number,
  status: number,
  id: Buffer,
  bodyBytes: number,
): void {
  target[offset] = 0xda;
  target[offset + 1] = 0xbb;
  target[offset + 2] = flags;
  target[offset + 3] = status;
  target.set(id, offset + 4);
  target.writeInt32BE(bodyBytes, offset + 12);
}

/** The 8 bytes of a request id. */
export function idBytes(id: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt.asIntN(64, id));
  return bytes;
}

/**
 * Cuts a byte stream into frames. A frame that lies whole within one chunk is handed on without a copy; a larger one
 * is collected and joined once.
 */
export class FrameReader {
  readonly #maxBodyBytes: number;
  readonly #onFrame: (frame: Buffer) => void;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Bytes that must be there before it is worth looking again. */
  #neededBytes = HEADER_BYTES;

  /**
   * @param maxBodyBytes longest body taken
   * @param onFrame gets header and body in one buffer, valid during the call only
   */
  constructor(maxBodyBytes: number, onFrame: (frame: Buffer) => void) {
    this.#maxBodyBytes = maxBodyBytes;
    this.#onFrame = onFrame;
  }

  /** @throws BadFrame at a wrong magic, a negative length, or one over the limit */
  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#pendingBytes > 0) {
      this.#pending.push(chunk);
      this.#pendingBytes += chunk.length;
      if (this.#pendingBytes < this.#neededBytes) return;
      bytes = Buffer.concat(this.#pending, this.#pendingBytes);
      this.#pending = [];
      this.#pendingBytes = 0;
    }
    let at = 0;
    this.#neededBytes = HEADER_BYTES;
    while (bytes.length - at >= HEADER_BYTES) {
      const frameBytes = HEADER_BYTES + this.#bodyLength(bytes, at);
      if (bytes.length - at < frameBytes) {
        this.#neededBytes = frameBytes;
        break;
      }
      this.#onFrame(bytes.subarray(at, at + frameBytes));
      at += frameBytes;
    }
    if (at < bytes.length) {
      this.#pending.push(bytes.subarray(at));
      this.#pendingBytes = bytes.length - at;
    }
  }

  #bodyLength(bytes: Buffer, at: number): number {
    if (bytes[at] !== 0xda || bytes[at + 1] !== 0xbb) throw new BadFrame('wrong magic');
    const length = bytes.readInt32BE(at + 12);
    if (length < 0 || length > this.#maxBodyBytes) throw new BadFrame(`body of ${length} bytes announced`);
    return length;
  }
}
