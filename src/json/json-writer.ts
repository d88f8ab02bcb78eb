import type { ByteWriter } from '../bytes/byte-writer.ts';

const TWO_TO_32 = 0x1_0000_0000;
const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
/** Room is made for this many UTF-16 units at a time, so that a long text asks for little more than it takes. */
const PIECE_UNITS = 16_384;
const LEAST_NORMAL_FLOAT = 2 ** -126;
const HEX = Buffer.from('0123456789abcdef');
/** Two-character escapes by code; 0 where there is none. */
const SHORT_ESCAPES = shortEscapes();

/** An int32 as decimal digits. */
export function writeInt(out: ByteWriter, value: number): void {
  out.ensure(11);
  out.position = putInt(out.buffer, out.position, value);
}

/** A 64-bit integer as its exact decimal digits. */
export function writeLong(out: ByteWriter, high: number, low: number): void {
  if (high === low >> 31) writeInt(out, low);
  else if (isSafeLong(high, low)) writeSafeInteger(out, high * TWO_TO_32 + (low >>> 0));
  else out.ascii(longText(high, low));
}

/** An integer that is no further from 0 than 2^53, digit by digit: a number's own text would be made and then copied. */
function writeSafeInteger(out: ByteWriter, value: number): void {
  out.ensure(20);
  const { buffer } = out;
  let at = out.position;
  let rest = value;
  if (rest < 0) {
    buffer[at++] = MINUS;
    rest = -rest;
  }
  if (rest < 1e8) {
    out.position = putPositive(buffer, at, rest);
  } else {
    const front = Math.floor(rest / 1e8);
    at = putPositive(buffer, at, front);
    out.position = putEightDigits(buffer, at, rest - front * 1e8);
  }
}

/** An int32. Room for 11 bytes is the caller's; returns the new position. */
export function putInt(buffer: Uint8Array, position: number, value: number): number {
  if (value >= 0) return putPositive(buffer, position, value);
  buffer[position] = MINUS;
  return putPositive(buffer, position + 1, -value);
}

/** An integer from 0 to 2^31. */
function putPositive(buffer: Uint8Array, position: number, value: number): number {
  if (value < 10_000) return putUpToFourDigits(buffer, position, value);
  if (value < 100_000_000) {
    const front = (value / 10_000) | 0;
    return putFourDigits(buffer, putUpToFourDigits(buffer, position, front), value - front * 10_000);
  }
  const front = (value / 100_000_000) | 0;
  return putEightDigits(buffer, putUpToFourDigits(buffer, position, front), value - front * 100_000_000);
}

function putEightDigits(buffer: Uint8Array, position: number, value: number): number {
  const front = (value / 10_000) | 0;
  return putFourDigits(buffer, putFourDigits(buffer, position, front), value - front * 10_000);
}

/** Up to 9,999, with zeros in front. The product is a hundredth, exactly, for so small numbers. */
function putFourDigits(buffer: Uint8Array, position: number, value: number): number {
  const hundreds = (value * 5_243) >>> 19;
  return putTwoDigits(buffer, putTwoDigits(buffer, position, hundreds), value - hundreds * 100);
}

/** Up to 9,999. */
function putUpToFourDigits(buffer: Uint8Array, position: number, value: number): number {
  if (value < 10) {
    buffer[position] = ZERO + value;
    return position + 1;
  }
  if (value < 100) return putTwoDigits(buffer, position, value);
  if (value >= 1_000) return putFourDigits(buffer, position, value);
  const hundreds = (value * 5_243) >>> 19;
  buffer[position] = ZERO + hundreds;
  return putTwoDigits(buffer, position + 1, value - hundreds * 100);
}

/** Up to 99, with a zero in front. Room is the caller's; returns the new position. */
export function putTwoDigits(buffer: Uint8Array, position: number, value: number): number {
  const tens = (value * 205) >>> 11;
  buffer[position] = ZERO + tens;
  buffer[position + 1] = ZERO + value - tens * 10;
  return position + 2;
}

/** Whether a long is less than 2^53 away from 0, where no other integer becomes the same JavaScript number. */
export function isSafeLong(high: number, low: number): boolean {
  return high < 0x20_0000 && (high > -0x20_0000 || (high === -0x20_0000 && low !== 0));
}

export function longText(high: number, low: number): string {
  return ((BigInt(high) << 32n) | BigInt(low >>> 0)).toString();
}

/** A finite double as the shortest text that reads back as the same double. */
export function writeDouble(out: ByteWriter, value: number): void {
  if (value === (value | 0)) {
    if (value === 0 && 1 / value < 0) out.byte(MINUS);
    writeInt(out, value);
  } else {
    const thousandths = Math.round(value * 1_000);
    const isShort = thousandths / 1_000 === value && Math.abs(thousandths) < 2 ** 31 && thousandths !== 0;
    if (isShort) writeThousandths(out, thousandths);
    else out.ascii(String(value));
  }
}

/**
 * Three decimals at most, without zeros at the end. That the quotient is the very double makes it right: of all decimals
 * with up to 15 digits no two are the same double, so none that is shorter can be this one.
 */
function writeThousandths(out: ByteWriter, thousandths: number): void {
  out.ensure(14);
  const { buffer } = out;
  let at = out.position;
  let rest = thousandths;
  if (rest < 0) {
    buffer[at++] = MINUS;
    rest = -rest;
  }
  const whole = Math.floor(rest / 1_000);
  let decimals = rest - whole * 1_000;
  at = putPositive(buffer, at, whole);
  buffer[at++] = 0x2e;
  const tenths = (decimals / 100) | 0;
  decimals -= tenths * 100;
  buffer[at++] = ZERO + tenths;
  if (decimals !== 0) {
    at = putTwoDigits(buffer, at, decimals);
    if (buffer[at - 1] === ZERO) at--;
  }
  out.position = at;
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
