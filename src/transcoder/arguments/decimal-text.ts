const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
/** So many digits are always exact in a JavaScript number. */
const EXACT_DIGITS = 15;
/** Powers of ten that are exact in a JavaScript number. */
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/**
 * The double nearest to the JSON number in `bytes[start, end)`, as `Number` gives it; infinite beyond its range.
 *
 * Both digits and power of ten are exact for up to 15 digits, so one division rounds right (Clinger, "How to Read
 * Floating Point Numbers Accurately"). Longer numbers and those with an exponent are left to the engine.
 */
export function decimalNumber(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  if (end - first <= EXACT_DIGITS + 1) {
    let digits = 0;
    let point = end;
    let at = first;
    for (; at < end; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
      else if (bytes[at] === DOT) point = at + 1;
      else break;
    }
    if (at === end) {
      const value = digits / POWERS_OF_TEN[end - point]!;
      return negative ? -value : value;
    }
  }
  return Number(bytes.toString('latin1', start, end));
}
