import { putStringHead } from '../../hessian/hessian-forms.ts';
import { MAX_SHORT_STRING_BYTES } from '../../json/json-tape.ts';

/** Room for a short text, with what copying by words may write too much. */
export const SHORT_TEXT_ROOM = MAX_SHORT_STRING_BYTES + 16;

const WORD_BYTES = 8;

/**
 * Writes `length` bytes of `words` as a Hessian string of `units` and returns the place behind it. The caller has made
 * `SHORT_TEXT_ROOM` in `buffer`, of which `view` has the same bytes; `words` goes on for a word behind the text.
 */
export function putShortText(
  words: DataView,
  start: number,
  length: number,
  units: number,
  buffer: Uint8Array,
  view: DataView,
  position: number,
): number {
  const at = putStringHead(buffer, position, units);
  // The last word may bring bytes too many; what is written next takes their place. A word is copied bit by bit as a
  // double unless it is NaN, and valid UTF-8 never is: of 0xf0 and above no 0x7f or 0xff follows.
  for (let i = 0; i < length; i += WORD_BYTES) view.setFloat64(at + i, words.getFloat64(start + i, true), true);
  return at + length;
}
