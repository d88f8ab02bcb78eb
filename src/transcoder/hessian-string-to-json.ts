import type { ByteWriter } from '../bytes/byte-writer.ts';
import { int32At } from '../hessian/body-cursor.ts';
import { unitLength } from '../hessian/cesu8.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { isHighSurrogate, isLowSurrogate, putSurrogatePair, putUnit } from '../json/json-writer.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** First byte of the units from U+D000 to U+DFFF, of which the second half are surrogates. */
const SURROGATE_LEAD = 0xed;
/** Strings of more units are written in pieces. */
const SHORT_UNITS = 1_023;
/** With fewer left it does not pay to look for runs. */
const RUN_UNITS = 20;
/** A unit that is written as an escape. */
const MAX_UNIT_BYTES = 6;
/** Room is made for this many units at a time, so that a long text asks for little more than it takes. */
const PIECE_UNITS = 4_096;
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
 * as it stands; CESU-8 becomes UTF-8, which differs in surrogate pairs alone; a pair may even lie across two chunks.
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
 * behind it. Returns the place behind it; -1, with nothing done, for lone surrogates and for what is malformed or cut off.
 */
export function putShortString(
  reader: HessianReader,
  out: ByteWriter,
  start: number,
  units: number,
  to: number,
): number {
  const { bytes, end, position } = reader;
  if (units > end - start) return -1;
  out.position = to;
  out.ensure(units * MAX_UNIT_BYTES + 2);
  const { buffer } = out;
  buffer[to] = QUOTE;
  const run = putPlainWords(bytes, start, units, out.view, to + 1);
  let at = start + run;
  let behind = to + 1 + run;
  let left = units - run;
  for (; left > 0; left--) {
    const byte = bytes[at]!;
    if (PLAIN[byte] === 1) {
      buffer[behind++] = byte;
      at++;
      continue;
    }
    if (byte < 0xc2 || byte >= SURROGATE_LEAD || left >= RUN_UNITS) break;
    const second = bytes[at + 1]!;
    if (byte < 0xe0) {
      if (!isTrailing(second)) break;
      buffer[behind++] = byte;
      buffer[behind++] = second;
      at += 2;
    } else {
      const third = bytes[at + 2]!;
      if (byte === 0xe0 || !isTrailing(second) || !isTrailing(third)) break;
      buffer[behind] = byte;
      buffer[behind + 1] = second;
      buffer[behind + 2] = third;
      behind += 3;
      at += 3;
    }
  }
  // Beyond the end of the body other bytes may follow: then the string is cut off, and nothing has been read.
  if (at > end) return -1;
  reader.position = at;
  if (left > 0) {
    out.position = behind;
    if (putUnits(reader, out, left) < left) {
      reader.position = position;
      out.position = to;
      return -1;
    }
    behind = out.position;
  }
  buffer[behind] = QUOTE;
  return behind + 1;
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

/**
 * Writes units from the reader's place to the writer's and moves both. Returns how many were written: less than `units`
 * where a lone surrogate comes, half of a pair, or what is malformed or cut off. There is room for them.
 */
function putUnits(reader: HessianReader, out: ByteWriter, units: number): number {
  const { bytes, end } = reader;
  const { buffer, view } = out;
  let at = reader.position;
  let to = out.position;
  let left = units;
  while (left > 0 && at < end) {
    let byte = bytes[at]!;
    if (byte < 0x80) {
      if (left >= RUN_UNITS) {
        const run = putPlainWords(bytes, at, Math.min(left, end - at), view, to);
        at += run;
        to += run;
        left -= run;
      }
      // Fewer than a word, or up to what is not plain.
      while (left > 0 && at < end) {
        byte = bytes[at]!;
        if (byte >= 0x80) break;
        if (PLAIN[byte] === 1) buffer[to++] = byte;
        else to = putUnit(buffer, to, byte);
        at++;
        left--;
      }
    } else if (byte < 0xe0) {
      if (at + 2 > end || byte < 0xc2 || !isTrailing(bytes[at + 1]!)) break;
      buffer[to++] = byte;
      buffer[to++] = bytes[at + 1]!;
      at += 2;
      left--;
    } else if (byte === SURROGATE_LEAD && at + 6 <= end && bytes[at + 1]! >= 0xa0) {
      if (left < 2 || !isPair(bytes, at)) break;
      to = putSurrogatePair(buffer, to, surrogateAt(bytes, at), surrogateAt(bytes, at + 3));
      at += 6;
      left -= 2;
    } else {
      const from = at;
      const stop = Math.min(end - 2, at + left * 3);
      while (at < stop) {
        const lead = bytes[at]!;
        const second = bytes[at + 1]!;
        const third = bytes[at + 2]!;
        // Both trailing bytes begin with the bits 10.
        if ((lead & 0xf0) !== 0xe0 || (((second & third) ^ 0x80) | ((second | third) ^ 0x80)) >= 0x40) break;
        if ((lead === 0xe0 && second < 0xa0) || (lead === SURROGATE_LEAD && second >= 0xa0)) break;
        buffer[to] = lead;
        buffer[to + 1] = second;
        buffer[to + 2] = third;
        to += 3;
        at += 3;
      }
      if (at === from) break;
      left -= ((at - from) / 3) | 0;
    }
  }
  reader.position = at;
  out.position = to;
  return units - left;
}

function isTrailing(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** Whether six bytes are both halves of a surrogate pair. */
function isPair(bytes: Uint8Array, at: number): boolean {
  return (
    (bytes[at + 1]! & 0xf0) === 0xa0 &&
    isTrailing(bytes[at + 2]!) &&
    bytes[at + 3] === SURROGATE_LEAD &&
    (bytes[at + 4]! & 0xf0) === 0xb0 &&
    isTrailing(bytes[at + 5]!)
  );
}

function surrogateAt(bytes: Uint8Array, at: number): number {
  return 0xd000 | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
}

/** Writes one chunk; returns a high surrogate that still waits for its other half, or 0. */
function writeChunk(reader: HessianReader, out: ByteWriter, pendingHigh: number): number {
  let high = pendingHigh;
  let left = reader.chunkLength;
  while (left > 0) {
    const units = Math.min(left, PIECE_UNITS);
    out.ensure(units * MAX_UNIT_BYTES + MAX_UNIT_BYTES);
    const written = high === 0 ? putUnits(reader, out, units) : 0;
    if (written === 0) high = writeUnit(reader, out, high);
    left -= written || 1;
  }
  return high;
}

/** Writes a unit of any kind behind a high surrogate, if that is not 0. Returns it if it is a high surrogate itself, else 0. */
function writeUnit(reader: HessianReader, out: ByteWriter, high: number): number {
  const { bytes, end, position: at } = reader;
  const { buffer } = out;
  if (at >= end) throw reader.fault('truncated', 'string ends early');
  const length = unitLength(bytes, at, end, reader.base);
  const lead = bytes[at]!;
  const unit =
    length === 1
      ? lead
      : length === 2
        ? ((lead & 0x1f) << 6) | (bytes[at + 1]! & 0x3f)
        : ((lead & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
  reader.position = at + length;
  if (high !== 0) {
    if (isLowSurrogate(unit)) {
      out.position = putSurrogatePair(buffer, out.position, high, unit);
      return 0;
    }
    out.position = putUnit(buffer, out.position, high);
  }
  if (isHighSurrogate(unit)) return unit;
  out.position = putUnit(buffer, out.position, unit);
  return 0;
}

function plainBytes(): Uint8Array {
  const plain = new Uint8Array(256);
  for (let byte = 0x20; byte < 0x80; byte++) if (byte !== QUOTE && byte !== BACKSLASH) plain[byte] = 1;
  return plain;
}
