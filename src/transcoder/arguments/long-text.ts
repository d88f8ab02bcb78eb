import type { ByteWriter } from '../../bytes/byte-writer.ts';
import {
  MAX_FORM_BYTES,
  MAX_STRING_UNITS,
  putPieceHead,
  putStringHead,
  stringHeadBytes,
} from '../../hessian/hessian-forms.ts';
import { isHighSurrogate } from '../../json/json-writer.ts';

const WORD_BYTES = 4;
const HIGH_BITS = 0x80808080 | 0;
const LOW_BITS = 0x01010101;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const HEX_ESCAPE_BYTES = 6;
/** The unit that a letter behind a backslash stands for. */
const ESCAPED = escapedUnits();

/**
 * Writes the inside of a checked JSON string, `words[start, stop)`, as a Hessian string. Escapes are undone and characters
 * of four bytes become two units of three on the way; all else is copied by words and its units are counted as it passes.
 * `words` goes on for a word behind the text.
 */
export function writeLongText(words: DataView, start: number, stop: number, out: ByteWriter): void {
  let at = start;
  do at = writePiece(words, at, stop, out);
  while (at < stop);
}

/** Writes as much as fits one piece of a Hessian string, never a half of a surrogate pair. Returns the place behind it. */
function writePiece(words: DataView, start: number, stop: number, out: ByteWriter): number {
  const length = stop - start;
  out.ensure(MAX_FORM_BYTES + Math.min(length + (length >> 1), 3 * MAX_STRING_UNITS) + 2 * WORD_BYTES);
  const { buffer, view } = out;
  // Room for the longest head that the text could need.
  const text = out.position + stringHeadBytes(length);
  let at = start;
  let to = text;
  /** Where the piece would have to end if all that follows were ASCII; each unit of more bytes moves it. */
  let limit = text + MAX_STRING_UNITS;
  while (at < stop && to < limit) {
    // A word may bring bytes too many; what is written next takes their place.
    let word = words.getInt32(at, true);
    const byte = word & 0xff;
    if (byte >= 0xf0) {
      if (to + 1 === limit) break;
      do {
        putPair(view, to, word);
        at += 4;
        to += 6;
        limit += 4;
        word = words.getInt32(at, true);
      } while ((word & 0xf0) === 0xf0 && to + 1 < limit);
    } else if (byte >= 0xe0) {
      do {
        view.setInt32(to, word, true);
        at += 3;
        to += 3;
        limit += 2;
        word = words.getInt32(at, true);
      } while ((word & 0xf0) === 0xe0 && to < limit);
    } else if (byte >= 0x80) {
      view.setInt16(to, word, true);
      at += 2;
      to += 2;
      limit += 1;
    } else if (byte === BACKSLASH) {
      const letter = words.getUint8(at + 1);
      const unit = letter === LETTER_U ? hexUnit(words, at + 2) : ESCAPED[letter]!;
      if (to + 1 === limit && isHighSurrogate(unit) && at + HEX_ESCAPE_BYTES < stop) break;
      const behind = putUnit(view, to, unit);
      at += letter === LETTER_U ? HEX_ESCAPE_BYTES : 2;
      limit += behind - to - 1;
      to = behind;
    } else {
      let special = notPlain(word);
      while (special === 0 && to + WORD_BYTES < limit) {
        view.setInt32(to, word, true);
        at += WORD_BYTES;
        to += WORD_BYTES;
        word = words.getInt32(at, true);
        special = notPlain(word);
      }
      view.setInt32(to, word, true);
      const plain = special === 0 ? WORD_BYTES : (31 - Math.clz32(special & -special)) >>> 3;
      const count = Math.min(plain, limit - to);
      at += count;
      to += count;
    }
  }
  const units = MAX_STRING_UNITS - (limit - to);
  const begin = at < stop ? putPieceHead(buffer, out.position, units) : putStringHead(buffer, out.position, units);
  if (begin !== text) buffer.copyWithin(begin, text, to);
  out.position = begin + to - text;
  return at;
}

/** Not 0 where one of four bytes is a backslash, a quote, which ends the text, or beyond ASCII; its lowest bit is exact. */
function notPlain(word: number): number {
  return (((word ^ BACKSLASHES) - LOW_BITS) | ((word ^ QUOTES) - LOW_BITS) | word) & HIGH_BITS;
}

/** A character of four bytes of UTF-8, the first in the low byte, as the two halves of a surrogate pair. */
function putPair(view: DataView, to: number, word: number): void {
  const point = ((word & 0x07) << 18) | ((word & 0x3f00) << 4) | ((word >>> 10) & 0x0fc0) | ((word >>> 24) & 0x3f);
  const high = 0xd7c0 + (point >> 10);
  view.setInt32(to, 0xed8080ed | ((high & 0x0fc0) << 10) | ((high & 0x3f) << 8));
  view.setInt16(to + 4, 0xb080 | ((point & 0x03c0) << 2) | (point & 0x3f));
}

/** One UTF-16 unit as one to three bytes. */
function putUnit(view: DataView, to: number, unit: number): number {
  if (unit < 0x80) {
    view.setUint8(to, unit);
    return to + 1;
  }
  if (unit < 0x800) {
    view.setInt16(to, 0xc080 | ((unit & 0x07c0) << 2) | (unit & 0x3f));
    return to + 2;
  }
  view.setUint8(to, 0xe0 | (unit >> 12));
  view.setInt16(to + 1, 0x8080 | ((unit & 0x0fc0) << 2) | (unit & 0x3f));
  return to + 3;
}

function hexUnit(words: DataView, at: number): number {
  let unit = 0;
  for (let i = 0; i < 4; i++) {
    const digit = words.getUint8(at + i);
    // A letter's low bits count from 1, and nothing else has this bit.
    unit = (unit << 4) | ((digit & 0x0f) + (digit & 0x40 ? 9 : 0));
  }
  return unit;
}

function escapedUnits(): Uint8Array {
  const units = new Uint8Array(256);
  for (const [letter, unit] of Object.entries({ '"': 0x22, '\\': 0x5c, '/': 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 })) {
    units[letter.charCodeAt(0)] = unit;
  }
  return units;
}
