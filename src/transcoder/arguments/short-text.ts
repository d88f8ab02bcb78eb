import { copyBytes } from '../../bytes/copy-bytes.ts';
import { putStringHead } from '../../hessian/hessian-forms.ts';
import type { JsonDocument } from '../../json/json-document.ts';

/** Text of more bytes is not short. */
export const MAX_SHORT_TEXT_BYTES = 80;
/** Room for a short text, with what copying by words may write too much. */
export const SHORT_TEXT_ROOM = MAX_SHORT_TEXT_BYTES + 16;
/** What `unitsOfShortText` answers of text that has to be written character by character. */
export const UNKNOWN_UNITS = -1;

const WORD_BYTES = 8;

/** UTF-16 units of UTF-8 text; unknown where a character takes four bytes, which Hessian writes as two of three. */
export function unitsOfShortText(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 0xf0) return UNKNOWN_UNITS;
    // All but 10xxxxxx begin a character.
    if ((byte & 0xc0) !== 0x80) units++;
  }
  return units;
}

/**
 * Writes `length` bytes of a document as a Hessian string of `units` and returns the place behind it. The caller has made
 * `SHORT_TEXT_ROOM` in `buffer`, of which `view` has the same bytes.
 */
export function putShortText(
  doc: JsonDocument,
  start: number,
  length: number,
  units: number,
  buffer: Uint8Array,
  view: DataView,
  position: number,
): number {
  const at = putStringHead(buffer, position, units);
  const source = doc.view;
  if (source === undefined || start + length + WORD_BYTES > doc.bytes.length) {
    return copyBytes(doc.bytes, start, start + length, buffer, at);
  }
  // The last word may bring bytes too many; what is written next takes their place. A word is copied bit by bit as a
  // double unless it is NaN, and valid UTF-8 never is: of 0xf0 and above no 0x7f or 0xff follows.
  for (let i = 0; i < length; i += WORD_BYTES) view.setFloat64(at + i, source.getFloat64(start + i, true), true);
  return at + length;
}
