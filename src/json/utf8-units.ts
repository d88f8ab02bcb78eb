import { UNKNOWN_UNITS } from './json-tape.ts';

/**
 * The UTF-16 units of UTF-8 text of characters of up to three bytes, each checked (RFC 3629: no longer form than needed,
 * no surrogate); unknown where there is anything else.
 */
export function unitsOfUtf8(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  let at = start;
  while (at < end) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      at++;
    } else if (lead < 0xe0) {
      if (lead < 0xc2 || at + 2 > end || !isTrailing(bytes[at + 1]!)) return UNKNOWN_UNITS;
      at += 2;
    } else {
      if (lead >= 0xf0 || at + 3 > end) return UNKNOWN_UNITS;
      const second = bytes[at + 1]!;
      if (!isTrailing(second) || !isTrailing(bytes[at + 2]!)) return UNKNOWN_UNITS;
      if ((lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f)) return UNKNOWN_UNITS;
      at += 3;
    }
    units++;
  }
  return units;
}

function isTrailing(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
