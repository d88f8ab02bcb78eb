import {
  type BrotliOptions,
  brotliCompress,
  brotliCompressSync,
  constants,
  gzip,
  gzipSync,
  type ZlibOptions,
} from 'node:zlib';
import type { ContentCoding } from './accept-encoding.ts';

/** Compresses whole bodies. */
export interface BodyCodec {
  /** Compresses on the calling thread. Throws what zlib throws. */
  compressNow(body: Buffer, coding: ContentCoding): Buffer;
  /** Compresses on a thread of Node's pool; `done` comes later, once. */
  compress(body: Buffer, coding: ContentCoding, done: (error: Error | null, compressed: Buffer) => void): void;
}

/**
 * Levels at which JSON shrinks to a quarter or less for the least time. The next ones take much longer for a few per
 * cent: level 11 of Brotli, its default, takes 300 times as long as level 4.
 */
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 6;

/** Windows in bits. Memory grows with the window, and beyond 256 KiB JSON shrinks by less than 1 % more. */
const MIN_BROTLI_WINDOW_BITS = 10;
const MAX_BROTLI_WINDOW_BITS = 18;
const MIN_GZIP_WINDOW_BITS = 9;
const MAX_GZIP_WINDOW_BITS = 15;
/** How much smaller gzip's `memLevel` is than its window in bits: the ratio of its defaults, 8 and 15. */
const GZIP_MEMORY_DIFFERENCE = 7;

/** Bytes that the output grows by: one piece for most bodies, and no large one that stays nearly empty. */
const MIN_PIECE_BYTES = 1024;
const MAX_PIECE_BYTES = 64 * 1024;

/** Node's zlib, with windows and memory no larger than the body needs. */
export const zlibCodec: BodyCodec = {
  compressNow(body, coding) {
    return coding === 'br'
      ? brotliCompressSync(body, brotliOptions(body.length))
      : gzipSync(body, gzipOptions(body.length));
  },
  compress(body, coding, done) {
    if (coding === 'br') brotliCompress(body, brotliOptions(body.length), done);
    else gzip(body, gzipOptions(body.length), done);
  },
};

function brotliOptions(bodyBytes: number): BrotliOptions {
  return {
    chunkSize: pieceBytes(bodyBytes),
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bodyBytes,
      [constants.BROTLI_PARAM_LGWIN]: windowBits(bodyBytes, MIN_BROTLI_WINDOW_BITS, MAX_BROTLI_WINDOW_BITS),
    },
  };
}

function gzipOptions(bodyBytes: number): ZlibOptions {
  const bits = windowBits(bodyBytes, MIN_GZIP_WINDOW_BITS, MAX_GZIP_WINDOW_BITS);
  return {
    chunkSize: pieceBytes(bodyBytes),
    level: GZIP_LEVEL,
    windowBits: bits,
    memLevel: bits - GZIP_MEMORY_DIFFERENCE,
  };
}

/** Bits of the smallest window in which the whole body lies, within bounds. */
function windowBits(bodyBytes: number, least: number, most: number): number {
  const bits = 32 - Math.clz32(Math.max(bodyBytes - 1, 1));
  return Math.min(Math.max(bits, least), most);
}

function pieceBytes(bodyBytes: number): number {
  return Math.min(Math.max(bodyBytes, MIN_PIECE_BYTES), MAX_PIECE_BYTES);
}
