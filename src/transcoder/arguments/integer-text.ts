import type { HessianWriter } from '../../hessian/hessian-writer.ts';

/** Digits of a 64-bit integer. */
const LONG_DIGITS = 19;
const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;
/** So many digits are always exact in a JavaScript number. */
const SAFE_DIGITS = 15;

/** A decimal number as JSON writes it, but with leading zeros allowed. The exponent's length keeps expansion bounded. */
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/;

/** The integer in ASCII `bytes[start, end)` when it has at most 15 digits; NaN for a longer one. Checked as JSON before. */
export function shortInteger(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === 0x2d;
  const first = negative ? start + 1 : start;
  if (end - first > SAFE_DIGITS) return Number.NaN;
  let value = 0;
  for (let i = first; i < end; i++) value = value * 10 + (bytes[i]! - 0x30);
  return negative ? -value : value;
}

/**
 * The 64-bit integer that a number's text stands for, compared digit by digit, or undefined. `5.0` and `1e3` are
 * integers, `5.5` is not. At most 15 digits come as a number, more as a bigint.
 */
export function longFromText(text: string): number | bigint | undefined {
  const digits = integerDigits(text, LONG_DIGITS);
  if (digits === undefined) return undefined;
  if (digits.length <= SAFE_DIGITS) return Number(digits);
  const value = BigInt(digits);
  return value >= MIN_LONG && value <= MAX_LONG ? value : undefined;
}

/** Writes what `longFromText` gave as a Hessian long. */
export function writeLong(value: number | bigint, out: HessianWriter): void {
  if (typeof value === 'number') out.longNumber(value);
  else out.long(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value)));
}

/**
 * The plain digits, with sign and without leading zeros, of a number's text that stands for an integer of at most
 * `maxDigits` digits; else undefined.
 */
export function integerDigits(text: string, maxDigits: number): string | undefined {
  if (text.length > maxDigits + 1000) return undefined;
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const all = whole! + fraction;
  let zeros = 0;
  while (all[zeros] === '0') zeros++;
  if (zeros === all.length) return '0';
  const significant = all.slice(zeros);
  const length = whole!.length - zeros + Number(exponent);
  if (length > maxDigits || length < 1) return undefined;
  for (let i = length; i < significant.length; i++) {
    if (significant[i] !== '0') return undefined;
  }
  return sign! + significant.slice(0, length).padEnd(length, '0');
}
