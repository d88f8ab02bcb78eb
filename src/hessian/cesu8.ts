import { HessianError } from './hessian-error.ts';

/**
 * Hessian strings are CESU-8: each UTF-16 unit is encoded on its own as one to three bytes. A surrogate pair takes six
 * bytes; four-byte UTF-8 is invalid, as it is for hessian-lite.
 */

/** The end of `units` UTF-16 units that start at `start`; throws `HessianError` when `end` comes first. */
export function cesu8End(bytes: Uint8Array, start: number, end: number, units: number, base: number): number {
  let at = start;
  const asciiEnd = start + units;
  if (asciiEnd <= end) {
    while (at < asciiEnd && bytes[at]! < 0x80) at++;
    if (at === asciiEnd) return at;
  }
  for (let left = units - (at - start); left > 0; left--) {
    if (at >= end) throw truncatedText(at, base);
    at += unitLength(bytes, at, end, base);
  }
  return at;
}

/** Decodes `units` UTF-16 units that end exactly at `end` (found by `cesu8End`). */
export function decodeCesu8(bytes: Buffer, start: number, end: number, units: number): string {
  if (end - start === units) return bytes.toString('latin1', start, end);
  const text = new Uint16Array(units);
  let at = start;
  for (let i = 0; i < units; i++) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      text[i] = lead;
      at++;
    } else if (lead < 0xe0) {
      text[i] = ((lead & 0x1f) << 6) | (bytes[at + 1]! & 0x3f);
      at += 2;
    } else {
      text[i] = ((lead & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
      at += 3;
    }
  }
  return Buffer.from(text.buffer, 0, units * 2).toString('utf16le');
}

/** Bytes of the unit at `at`, checked: no stray continuation, no overlong form, no four-byte lead, not cut off. */
export function unitLength(bytes: Uint8Array, at: number, end: number, base: number): 1 | 2 | 3 {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) {
    if (at + 2 > end) throw truncatedText(at, base);
    if ((bytes[at + 1]! & 0xc0) === 0x80) return 2;
  } else if (lead >= 0xe0 && lead < 0xf0) {
    if (at + 3 > end) throw truncatedText(at, base);
    const second = bytes[at + 1]!;
    if ((second & 0xc0) === 0x80 && (bytes[at + 2]! & 0xc0) === 0x80 && (lead !== 0xe0 || second >= 0xa0)) return 3;
  }
  throw new HessianError('invalid', at - base, `byte 0x${lead.toString(16)} does not start a CESU-8 character`);
}

function truncatedText(at: number, base: number): HessianError {
  return new HessianError('truncated', at - base, 'string ends early');
}
