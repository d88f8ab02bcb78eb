/**
 * The shortest Hessian forms of small values, written to `buffer` from `at` on; each returns the place behind them. The
 * caller has made room: `MAX_FORM_BYTES` for a number or a head.
 */
export const MAX_FORM_BYTES = 9;

/** Java's Hessian2Output splits strings at this many UTF-16 units. */
export const MAX_STRING_UNITS = 0x8000;

const doubleBits = new DataView(new ArrayBuffer(8));

/** @param value an integer from -2^31 to 2^31-1 */
export function putInt(buffer: Uint8Array, at: number, value: number): number {
  if (value >= -16 && value <= 47) {
    buffer[at] = 0x90 + value;
    return at + 1;
  }
  if (value >= -2048 && value <= 2047) {
    buffer[at] = 0xc8 + (value >> 8);
    buffer[at + 1] = value;
    return at + 2;
  }
  if (value >= -262144 && value <= 262143) {
    buffer[at] = 0xd4 + (value >> 16);
    buffer[at + 1] = value >> 8;
    buffer[at + 2] = value;
    return at + 3;
  }
  buffer[at] = 0x49;
  return putInt32(buffer, at + 1, value);
}

/** A 64-bit integer from its two halves, as signed or unsigned 32-bit numbers. */
export function putLong(buffer: Uint8Array, at: number, high: number, low: number): number {
  const value = low | 0;
  if ((high | 0) !== value >> 31) {
    buffer[at] = 0x4c;
    return putInt32(buffer, putInt32(buffer, at + 1, high), low);
  }
  if (value >= -8 && value <= 15) {
    buffer[at] = 0xe0 + value;
    return at + 1;
  }
  if (value >= -2048 && value <= 2047) {
    buffer[at] = 0xf8 + (value >> 8);
    buffer[at + 1] = value;
    return at + 2;
  }
  if (value >= -262144 && value <= 262143) {
    buffer[at] = 0x3c + (value >> 16);
    buffer[at + 1] = value >> 8;
    buffer[at + 2] = value;
    return at + 3;
  }
  buffer[at] = 0x59;
  return putInt32(buffer, at + 1, value);
}

export function putDouble(buffer: Uint8Array, at: number, value: number): number {
  const whole = value | 0;
  // The short forms of zero have no sign.
  if (whole === value && whole >= -0x8000 && whole <= 0x7fff && !Object.is(value, -0)) {
    if (whole === 0 || whole === 1) {
      buffer[at] = 0x5b + whole;
      return at + 1;
    }
    if (whole >= -0x80 && whole <= 0x7f) {
      buffer[at] = 0x5d;
      buffer[at + 1] = whole;
      return at + 2;
    }
    buffer[at] = 0x5e;
    buffer[at + 1] = whole >> 8;
    buffer[at + 2] = whole;
    return at + 3;
  }
  const mills = Math.trunc(value * 1000) | 0;
  if (mills * 0.001 === value && mills !== 0) {
    buffer[at] = 0x5f;
    return putInt32(buffer, at + 1, mills);
  }
  buffer[at] = 0x44;
  doubleBits.setFloat64(0, value);
  return putInt32(buffer, putInt32(buffer, at + 1, doubleBits.getInt32(0)), doubleBits.getInt32(4));
}

/** The start of a string in one piece. @param units of UTF-16, at most 32,768 */
export function putStringHead(buffer: Uint8Array, at: number, units: number): number {
  if (units <= 31) {
    buffer[at] = units;
    return at + 1;
  }
  if (units <= 1023) {
    buffer[at] = 0x30 + (units >> 8);
    buffer[at + 1] = units;
    return at + 2;
  }
  buffer[at] = 0x53;
  buffer[at + 1] = units >> 8;
  buffer[at + 2] = units;
  return at + 3;
}

/** The start of a piece of a string that another piece follows. */
export function putPieceHead(buffer: Uint8Array, at: number, units: number): number {
  buffer[at] = 0x52;
  buffer[at + 1] = units >> 8;
  buffer[at + 2] = units;
  return at + 3;
}

/** Bytes that `putStringHead` takes; at most as many as `putPieceHead` does. */
export function stringHeadBytes(units: number): number {
  if (units <= 31) return 1;
  return units <= 1023 ? 2 : 3;
}

/** The start of an untyped list of exactly `count` elements. */
export function putListHead(buffer: Uint8Array, at: number, count: number): number {
  if (count <= 7) {
    buffer[at] = 0x78 + count;
    return at + 1;
  }
  buffer[at] = 0x58;
  return putInt(buffer, at + 1, count);
}

function putInt32(buffer: Uint8Array, at: number, value: number): number {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
  return at + 4;
}
