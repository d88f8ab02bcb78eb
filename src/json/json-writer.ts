import type { ByteWriter } from '../bytes/byte-writer.ts';
import { NUMBER_ROOM, putDouble, putInt, putLong } from './json-number.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Room is made for this many UTF-16 units at a time, so that a long text asks for little more than it takes. */
const PIECE_UNITS = 16_384;
const LEAST_NORMAL_FLOAT = 2 ** -126;
const HEX = Buffer.from('0123456789abcdef');
/** Two-character escapes by code; 0 where there is none. */
const SHORT_ESCAPES = shortEscapes();

/** An int32 as decimal digits. */
export function writeInt(out: ByteWriter, value: number): void {
  out.ensure(NUMBER_ROOM);
  out.position = putInt(out.view, out.position, value);
}

/** A 64-bit integer as its exact decimal digits. */
export function writeLong(out: ByteWriter, high: number, low: number): void {
  out.ensure(NUMBER_ROOM);
  out.position = putLong(out.view, out.position, high, low);
}

/** A finite double as the shortest text that reads back as the same double. */
export function writeDouble(out: ByteWriter, value: number): void {
  out.ensure(NUMBER_ROOM);
  out.position = putDouble(out.view, out.position, value);
}

/** The shortest text of a value that was a Java float (32 bit) before it was widened. */
export function writeFloat(out: ByteWriter, value: number): void {
  for (let digits = Math.abs(value) < LEAST_NORMAL_FLOAT ? 1 : 6; digits <= 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Object.is(Math.fround(shorter), value)) {
      writeDouble(out, shorter);
      return;
    }
  }
  writeDouble(out, value);
}

/** Text as a JSON string with quotes; a lone surrogate is written as an escape. */
export function writeString(out: ByteWriter, text: string): void {
  out.byte(QUOTE);
  let from = 0;
  while (from < text.length) {
    let to = Math.min(text.length, from + PIECE_UNITS);
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to--;
    writePiece(out, text, from, to);
    from = to;
  }
  out.byte(QUOTE);
}

function writePiece(out: ByteWriter, text: string, from: number, to: number): void {
  out.ensure((to - from) * 6);
  const { buffer } = out;
  let { position } = out;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit < 0x80 && unit !== QUOTE && unit !== BACKSLASH) {
      buffer[position++] = unit;
    } else if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(i + 1))) {
      position = putSurrogatePair(buffer, position, unit, text.charCodeAt(++i));
    } else {
      position = putUnit(buffer, position, unit);
    }
  }
  out.position = position;
}

export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** A surrogate pair as four bytes of UTF-8. Room for them is the caller's; returns the new position. */
export function putSurrogatePair(buffer: Uint8Array, position: number, high: number, low: number): number {
  const point = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  buffer[position] = 0xf0 | (point >> 18);
  buffer[position + 1] = 0x80 | ((point >> 12) & 0x3f);
  buffer[position + 2] = 0x80 | ((point >> 6) & 0x3f);
  buffer[position + 3] = 0x80 | (point & 0x3f);
  return position + 4;
}

/** One UTF-16 unit inside a JSON string, escaped where it must be: at most six bytes. Returns the new position. */
export function putUnit(buffer: Uint8Array, position: number, unit: number): number {
  let at = position;
  if (unit < 0x80) {
    const short = SHORT_ESCAPES[unit]!;
    if (short !== 0) {
      buffer[at] = BACKSLASH;
      buffer[at + 1] = short;
      return at + 2;
    }
    if (unit < 0x20) return putHexEscape(buffer, at, unit);
    buffer[at++] = unit;
  } else if (unit < 0x800) {
    buffer[at++] = 0xc0 | (unit >> 6);
    buffer[at++] = 0x80 | (unit & 0x3f);
  } else if (unit >= 0xd800 && unit < 0xe000) {
    return putHexEscape(buffer, at, unit);
  } else {
    buffer[at++] = 0xe0 | (unit >> 12);
    buffer[at++] = 0x80 | ((unit >> 6) & 0x3f);
    buffer[at++] = 0x80 | (unit & 0x3f);
  }
  return at;
}

function putHexEscape(buffer: Uint8Array, position: number, unit: number): number {
  buffer[position] = BACKSLASH;
  buffer[position + 1] = 0x75;
  for (let i = 0; i < 4; i++) buffer[position + 2 + i] = HEX[(unit >> (12 - 4 * i)) & 15]!;
  return position + 6;
}

function shortEscapes(): Uint8Array {
  const table = new Uint8Array(128);
  for (const [unit, letter] of ['""', '\\\\', '\bb', '\ff', '\nn', '\rr', '\tt'].map((pair) => [pair[0]!, pair[1]!])) {
    table[unit!.charCodeAt(0)] = letter!.charCodeAt(0);
  }
  return table;
}
