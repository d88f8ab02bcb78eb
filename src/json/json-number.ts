/**
 * Numbers as JSON text, digit by digit into a buffer with room for `NUMBER_ROOM` bytes: a number's own text would be made
 * and then copied. Each function returns the position behind what it wrote. What fits an int32 is handed on as one (`| 0`):
 * the engine keeps other numbers in memory of their own, and divides them slowly.
 */

/** Bytes that one number takes at the most. */
export const NUMBER_ROOM = 32;

const TWO_TO_32 = 0x1_0000_0000;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** The digits of 00 to 99, the first one in the low byte. */
const DIGIT_PAIRS = Uint16Array.from({ length: 100 }, (_, value) => digitPair(value));

/** An int32. */
export function putInt(view: DataView, at: number, value: number): number {
  if (value >= 0) return putPositive(view, at, value);
  view.setUint8(at, MINUS);
  return putPositive(view, at + 1, -value);
}

/** A 64-bit integer, given as its two halves, as its exact decimal digits. */
export function putLong(view: DataView, at: number, high: number, low: number): number {
  if (high === low >> 31) return putInt(view, at, low);
  if (isSafeLong(high, low)) return putSafeInteger(view, at, high * TWO_TO_32 + (low >>> 0));
  return putText(view, at, longText(high, low));
}

/** A finite double as the shortest text that reads back as the same double. */
export function putDouble(view: DataView, at: number, value: number): number {
  if (value === (value | 0)) {
    if (value === 0 && 1 / value < 0) {
      view.setUint8(at, MINUS);
      return putInt(view, at + 1, 0);
    }
    return putInt(view, at, value | 0);
  }
  const thousandths = Math.round(value * 1_000);
  const isShort = thousandths / 1_000 === value && Math.abs(thousandths) < 2 ** 31 && thousandths !== 0;
  return isShort ? putThousandths(view, at, thousandths | 0) : putText(view, at, String(value));
}

/** Up to 99, with a zero in front. */
export function putTwoDigits(view: DataView, at: number, value: number): number {
  view.setUint16(at, DIGIT_PAIRS[value]!, true);
  return at + 2;
}

/** Few characters below 0x80. */
export function putText(view: DataView, at: number, text: string): number {
  const { length } = text;
  for (let i = 0; i < length; i++) view.setUint8(at + i, text.charCodeAt(i));
  return at + length;
}

/** Whether a long is less than 2^53 away from 0, where no other integer becomes the same JavaScript number. */
export function isSafeLong(high: number, low: number): boolean {
  return high < 0x20_0000 && (high > -0x20_0000 || (high === -0x20_0000 && low !== 0));
}

export function longText(high: number, low: number): string {
  return ((BigInt(high) << 32n) | BigInt(low >>> 0)).toString();
}

/** An integer that is no further from 0 than 2^53. */
function putSafeInteger(view: DataView, at: number, value: number): number {
  if (value < 0) {
    view.setUint8(at, MINUS);
    return putSafeInteger(view, at + 1, -value);
  }
  const front = (value / 1e8) | 0;
  const rest = (value - front * 1e8) | 0;
  return front === 0 ? putPositive(view, at, rest) : putEightDigits(view, putPositive(view, at, front), rest);
}

/** An integer from 0 to 2^31. */
function putPositive(view: DataView, at: number, value: number): number {
  if (value < 10_000) return putUpToFourDigits(view, at, value);
  if (value < 100_000_000) {
    const front = (value / 10_000) | 0;
    return putFourDigits(view, putUpToFourDigits(view, at, front), value - front * 10_000);
  }
  const front = (value / 100_000_000) | 0;
  return putEightDigits(view, putUpToFourDigits(view, at, front), value - front * 100_000_000);
}

function putEightDigits(view: DataView, at: number, value: number): number {
  const front = (value / 10_000) | 0;
  return putFourDigits(view, putFourDigits(view, at, front), value - front * 10_000);
}

/** Up to 9,999, with zeros in front. The product is a hundredth, exactly, for so small numbers. */
function putFourDigits(view: DataView, at: number, value: number): number {
  const hundreds = (value * 5_243) >>> 19;
  view.setUint16(at, DIGIT_PAIRS[hundreds]!, true);
  view.setUint16(at + 2, DIGIT_PAIRS[value - hundreds * 100]!, true);
  return at + 4;
}

/** Up to 9,999. */
function putUpToFourDigits(view: DataView, at: number, value: number): number {
  if (value < 10) {
    view.setUint8(at, ZERO + value);
    return at + 1;
  }
  if (value < 100) return putTwoDigits(view, at, value);
  if (value >= 1_000) return putFourDigits(view, at, value);
  const hundreds = (value * 5_243) >>> 19;
  view.setUint8(at, ZERO + hundreds);
  return putTwoDigits(view, at + 1, value - hundreds * 100);
}

/**
 * Three decimals at most, without zeros at the end. That the quotient is the very double makes it right: of all decimals
 * with up to 15 digits no two are the same double, so none that is shorter can be this one.
 */
function putThousandths(view: DataView, start: number, thousandths: number): number {
  let at = start;
  let rest = thousandths;
  if (rest < 0) {
    view.setUint8(at++, MINUS);
    rest = -rest;
  }
  const whole = (rest / 1_000) | 0;
  const decimals = rest - whole * 1_000;
  const tenths = (decimals / 100) | 0;
  const last = decimals - tenths * 100;
  at = putPositive(view, at, whole);
  view.setUint8(at, POINT);
  view.setUint8(at + 1, ZERO + tenths);
  if (last === 0) return at + 2;
  at = putTwoDigits(view, at + 2, last);
  return last % 10 === 0 ? at - 1 : at;
}

function digitPair(value: number): number {
  const tens = (value / 10) | 0;
  return (ZERO + tens) | ((ZERO + value - tens * 10) << 8);
}
