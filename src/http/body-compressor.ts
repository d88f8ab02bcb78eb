import type { ContentCoding } from './accept-encoding.ts';
import type { BodyCodec } from './zlib-codec.ts';

/** What compression has done so far. */
export interface CompressionCounts {
  /** Bodies that were compressed. */
  readonly compressed: number;
  /** Bytes of those before. */
  readonly bytesIn: number;
  /** Bytes of those after. */
  readonly bytesOut: number;
  /** Bodies sent as they are since too many were being compressed. */
  readonly skippedBusy: number;
  /** Bodies sent as they are since they would not have become smaller. */
  readonly skippedNoGain: number;
  /** Bodies sent as they are since zlib failed. */
  readonly failed: number;
}

/**
 * Largest body that is compressed on the event loop. Handing a body to the thread pool and back costs the loop 50 to
 * 200 µs whatever its size, and the process up to 200 µs of CPU more; compressing 8 KiB of JSON at once costs 100 to
 * 200 µs. So below this size the pool relieves the loop of nothing, and above it the loop would stand still for longer.
 */
export const MAX_BYTES_ON_LOOP = 8 * 1024;

/**
 * Bodies, and bytes of bodies, that the pool works at at a time; one body may be larger if it is alone. 4 MiB are 40 ms
 * of work for two cores, which is about how long others who need the pool, such as DNS look-ups, may have to wait.
 */
export const MAX_RUNNING = 32;
export const MAX_RUNNING_BYTES = 4 * 1024 * 1024;

/**
 * Compresses bodies, small ones at once, larger ones on Node's thread pool. It never lets a body wait for its turn and
 * never fails: a body that comes while too many are being compressed, or that does not get smaller, is to be sent as it
 * is.
 */
export class BodyCompressor {
  readonly #codec: BodyCodec;
  #running = 0;
  #runningBytes = 0;
  #compressed = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #skippedBusy = 0;
  #skippedNoGain = 0;
  #failed = 0;

  constructor(codec: BodyCodec) {
    this.#codec = codec;
  }

  get counts(): CompressionCounts {
    return {
      compressed: this.#compressed,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      skippedBusy: this.#skippedBusy,
      skippedNoGain: this.#skippedNoGain,
      failed: this.#failed,
    };
  }

  /**
   * Compresses a body, which must not change meanwhile.
   *
   * @param done called once, before this returns or later, with the compressed body, or with undefined when the body is
   *   to be sent as it is
   */
  compress(body: Buffer, coding: ContentCoding, done: (compressed: Buffer | undefined) => void): void {
    if (body.length <= MAX_BYTES_ON_LOOP) {
      done(this.#compressNow(body, coding));
    } else if (this.#hasRoomFor(body.length)) {
      this.#compressOnPool(body, coding, done);
    } else {
      this.#skippedBusy += 1;
      done(undefined);
    }
  }

  #hasRoomFor(bytes: number): boolean {
    if (this.#running === 0) return true;
    return this.#running < MAX_RUNNING && this.#runningBytes + bytes <= MAX_RUNNING_BYTES;
  }

  #compressNow(body: Buffer, coding: ContentCoding): Buffer | undefined {
    let compressed: Buffer;
    try {
      compressed = this.#codec.compressNow(body, coding);
    } catch {
      this.#failed += 1;
      return undefined;
    }
    return this.#countResult(body, compressed);
  }

  #compressOnPool(body: Buffer, coding: ContentCoding, done: (compressed: Buffer | undefined) => void): void {
    this.#running += 1;
    this.#runningBytes += body.length;
    this.#codec.compress(body, coding, (error, compressed) => {
      this.#running -= 1;
      this.#runningBytes -= body.length;
      if (error !== null) this.#failed += 1;
      done(error === null ? this.#countResult(body, compressed) : undefined);
    });
  }

  #countResult(body: Buffer, compressed: Buffer): Buffer | undefined {
    if (compressed.length >= body.length) {
      this.#skippedNoGain += 1;
      return undefined;
    }
    this.#compressed += 1;
    this.#bytesIn += body.length;
    this.#bytesOut += compressed.length;
    return compressed;
  }
}
