import type { ByteWriter } from '../bytes/byte-writer.ts';
import { int32At } from '../hessian/body-cursor.ts';
import { unitLength } from '../hessian/cesu8.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { isHighSurrogate, isLowSurrogate, putSurrogatePair, putUnit } from '../json/json-writer.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** First byte of the units from U+D000 to U+DFFF; the slow way tells surrogates from others. */
const SURROGATE_LEAD = 0xed;
/** Beyond this, copying a run at once is quicker than byte by byte. */
const SHORT_UNITS = 96;
/** 1 for each byte that stands in a JSON string as it is and is a character of its own. */
const PLAIN = plainBytes();

const WORD_BYTES = 4;
const HIGH_BITS = 0x8080_8080 | 0;
const ALL_BUT_HIGH = 0x7f7f_7f7f;
/** What is added to a byte below 0x80 to set its highest bit, if it is 0x20 or more. */
const SPACES_TO_HIGH = 0x6060_6060;
const QUOTES = 0x2222_2222;
const BACKSLASHES = 0x5c5c_5c5c;

/**
 * Writes the string whose STRING token was just read as a JSON string, quotes included. ASCII without escapes is copied
 * as it stands; CESU-8 becomes UTF-8 unit by unit, and a surrogate pair may even lie across two chunks.
 */
export function writeHessianString(reader: HessianReader, out: ByteWriter): void {
  const { chunkFinal, chunkLength, position } = reader;
  if (chunkFinal && chunkLength <= SHORT_UNITS) {
    const behind = putShortString(reader, out, position, chunkLength, out.position);
    if (behind >= 0) {
      out.position = behind;
      return;
    }
  }
  out.byte(QUOTE);
  let pendingHigh = writeChunk(reader, out, 0);
  while (!reader.chunkFinal) {
    reader.nextStringChunk();
    pendingHigh = writeChunk(reader, out, pendingHigh);
  }
  if (pendingHigh !== 0) {
    out.ensure(6);
    out.position = putUnit(out.buffer, out.position, pendingHigh);
  }
  out.byte(QUOTE);
}

/**
 * Writes a short string, whose characters start at `start`, in one go to the place `to` of the writer, and moves the reader
 * behind it. Returns the place behind it; -1, with nothing done, for surrogates and for what may be malformed or cut off.
 */
export function putShortString(
  reader: HessianReader,
  out: ByteWriter,
  start: number,
  units: number,
  to: number,
): number {
  const { bytes, end } = reader;
  if (units > end - start) return -1;
  out.position = to;
  out.ensure(units * 6 + 2);
  const { buffer } = out;
  const plain = PLAIN;
  buffer[to] = QUOTE;
  const run = putPlainWords(bytes, start, units, out.view, to + 1);
  let position = to + 1 + run;
  let at = start + run;
  for (let left = units - run; left > 0; left--) {
    const byte = bytes[at]!;
    if (plain[byte] === 1) {
      buffer[position++] = byte;
      at++;
    } else if (byte < 0x80) {
      position = putUnit(buffer, position, byte);
      at++;
    } else {
      const length = plainUnitLength(bytes, at);
      if (length === 0) return -1;
      buffer[position++] = byte;
      buffer[position++] = bytes[at + 1]!;
      if (length === 3) buffer[position++] = bytes[at + 2]!;
      at += length;
    }
  }
  // Beyond the end of the body other bytes may follow: then the string is cut off, and nothing has been read.
  if (at > end) return -1;
  buffer[position++] = QUOTE;
  reader.position = at;
  return position;
}

/**
 * Copies characters, four at a time, until one comes that does not stand in a JSON string as it is, or fewer are left.
 * Returns how many were copied.
 */
function putPlainWords(bytes: Uint8Array, start: number, units: number, view: DataView, to: number): number {
  let run = 0;
  for (; run + WORD_BYTES <= units; run += WORD_BYTES) {
    const word = int32At(bytes, start + run);
    // The highest bit of each byte says whether it is ASCII, is no control character, no quote and no backslash.
    const isText =
      ~word & (word + SPACES_TO_HIGH) & ((word ^ QUOTES) + ALL_BUT_HIGH) & ((word ^ BACKSLASHES) + ALL_BUT_HIGH);
    if ((isText & HIGH_BITS) !== HIGH_BITS) break;
    view.setInt32(to + run, word);
  }
  return run;
}

/** Bytes of a unit whose CESU-8 is its UTF-8 as well: 2 or 3; 0 for surrogates and malformed ones. */
function plainUnitLength(bytes: Uint8Array, at: number): 0 | 2 | 3 {
  const lead = bytes[at]!;
  const second = bytes[at + 1]!;
  if ((second & 0xc0) !== 0x80) return 0;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead < 0xe0 || lead >= 0xf0 || lead === SURROGATE_LEAD || (lead === 0xe0 && second < 0xa0)) return 0;
  return (bytes[at + 2]! & 0xc0) === 0x80 ? 3 : 0;
}

/** Writes one chunk; returns a high surrogate that still waits for its other half, or 0. */
function writeChunk(reader: HessianReader, out: ByteWriter, pendingHigh: number): number {
  const { bytes, position: start } = reader;
  const plainEnd = start + reader.chunkLength;
  let at = start;
  // The head checked that at least one byte a unit is left, so the plain scan cannot leave the body.
  while (at < plainEnd) {
    const byte = bytes[at]!;
    if (byte >= 0x80 || byte < 0x20 || byte === QUOTE || byte === BACKSLASH) break;
    at++;
  }
  if (at > start && pendingHigh === 0) out.bytes(bytes, start, at);
  else at = start;
  if (at === plainEnd) {
    reader.position = at;
    return pendingHigh;
  }
  return writeUnits(reader, out, at, plainEnd - at, pendingHigh);
}

function writeUnits(reader: HessianReader, out: ByteWriter, start: number, units: number, pendingHigh: number): number {
  const { bytes, end } = reader;
  out.ensure(units * 6 + 6);
  const { buffer } = out;
  let { position } = out;
  let high = pendingHigh;
  let at = start;
  for (let left = units; left > 0; left--) {
    if (at >= end) {
      reader.position = at;
      throw reader.fault('truncated', 'string ends early');
    }
    const length = unitLength(bytes, at, end, reader.base);
    const lead = bytes[at]!;
    const unit =
      length === 1
        ? lead
        : length === 2
          ? ((lead & 0x1f) << 6) | (bytes[at + 1]! & 0x3f)
          : ((lead & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
    at += length;
    if (high !== 0) {
      if (isLowSurrogate(unit)) {
        position = putSurrogatePair(buffer, position, high, unit);
        high = 0;
        continue;
      }
      position = putUnit(buffer, position, high);
      high = 0;
    }
    if (isHighSurrogate(unit)) high = unit;
    else position = putUnit(buffer, position, unit);
  }
  out.position = position;
  reader.position = at;
  return high;
}

function plainBytes(): Uint8Array {
  const plain = new Uint8Array(256);
  for (let byte = 0x20; byte < 0x80; byte++) if (byte !== QUOTE && byte !== BACKSLASH) plain[byte] = 1;
  return plain;
}
