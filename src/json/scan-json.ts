import { isUtf8 } from 'node:buffer';
import { JsonDepthError } from './json-errors.ts';
import { escapeEnd, exponentEnd, skipSpace, stringEnd, syntaxErrorAt } from './json-scan.ts';
import * as Tape from './json-tape.ts';
import { markRepeatedKeys } from './repeated-keys.ts';
import { PADDING_BYTES, type ScannedText } from './scanned-text.ts';
import { invalidUtf8 } from './utf8-fault.ts';
import { unitsOfUtf8 } from './utf8-units.ts';

// A name of another module is looked up at each use; a constant of this one becomes a part of the compiled code.
const { CLOSES_SHIFT, FLAG_ESCAPES, FLAG_FRACTION, FLAG_KEY, FLAG_NON_ASCII, FLAG_SHORT_NUMBER } = Tape;
const { FLAG_UNSURE_KEYS, KEY_HASH_BYTES: WORD_BYTES, KEY_HASH_PRIME, KEY_HASH_START, keyHash } = Tape;
const { END, EXTRA, INFO, KIND_MASK, MAX_SHORT_STRING_BYTES, NEXT, RECORD, ROOT, START, UNKNOWN_UNITS } = Tape;
const { SCALE_SHIFT } = Tape;
const { Array: ARRAY, False: FALSE, Null: NULL, Number: NUMBER, Object: OBJECT, String: STRING } = Tape.JsonKind;
const { True: TRUE } = Tape.JsonKind;

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LOWER_E = 0x65;
const ARRAY_OPEN = 0x5b;
const ARRAY_CLOSE = 0x5d;
const OBJECT_OPEN = 0x7b;
const OBJECT_CLOSE = 0x7d;

const CLOSES_ONE = 1 << CLOSES_SHIFT;
const NO_CONTAINER = -1;

const HIGH_BITS = 0x80808080 | 0;
const SHORT_NUMBER_DIGITS = 9;
const AROUND_NUMBERS = 3;

/** The words of four bytes, little endian, of literals; of `false` without its end. */
const TRUE_TEXT = 0x65757274;
const FALSE_TEXT = 0x736c6166;
const NULL_TEXT = 0x6c6c756e;

/** Longer texts, which are more than a gateway takes by default, are for `scanLongJson`. */
export const MAX_SCANNED_BYTES = 1024 * 1024;
/** Deeper texts are too deep. */
export const MAX_SCANNED_DEPTH = 4096;

// The arrays are constants and not fields of an object, because so they become a part of the compiled code. They take
// nine bytes of address space for each of a text, and as much memory as the largest text yet needed.
const BYTES = Buffer.allocUnsafeSlow(MAX_SCANNED_BYTES + PADDING_BYTES);
const WORDS = new DataView(BYTES.buffer);
/** A text has at most one node for two bytes; there is room for a key and its value more. */
const TAPE = new Int32Array(RECORD * ((MAX_SCANNED_BYTES >>> 1) + 3));
/** What is known of the containers around the present one: two numbers of keys, and the children so far. */
const AROUND = new Int32Array(AROUND_NUMBERS * (MAX_SCANNED_DEPTH + 1));

/** What the last scan left. */
export const lastScan: ScannedText = { holder: undefined, tape: TAPE, words: WORDS };

/**
 * Checks a JSON text (RFC 8259, UTF-8, a leading byte order mark is skipped) of at most `MAX_SCANNED_BYTES` in one pass
 * and leaves its tape in `lastScan`. Returns where the tape ends. Throws `JsonSyntaxError` and `JsonDepthError`.
 */
export function scanJson(text: Buffer, maxDepth: number): number {
  lastScan.holder = undefined;
  BYTES.set(text);
  // A zero ends whatever is read, so nothing looks for the end of the text before each byte.
  WORDS.setFloat64(text.length, 0);
  try {
    return scanCopy(text, Math.min(maxDepth, MAX_SCANNED_DEPTH));
  } catch (error) {
    // Bytes that are no UTF-8 have no characters to complain about.
    throw isUtf8(text) ? error : invalidUtf8(text);
  }
}

/**
 * One loop over local variables: this is where a request's CPU time goes. It does not recurse: the enclosing container
 * is kept in the `NEXT` slot of an open one.
 */
function scanCopy(text: Buffer, maxDepth: number): number {
  const bytes = BYTES;
  const words = WORDS;
  const tape = TAPE;
  const around = AROUND;
  const end = text.length;
  let top = ROOT;
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let container = NO_CONTAINER;
  let inObject = false;
  let children = 0;
  let depth = 0;
  /** Whether all that may be no UTF-8 has been looked at. */
  let isSure = true;
  // Two sets of the hashes of this object's keys, each of 32 bits: a key that is not in both is new.
  let firstBits = 0;
  let secondBits = 0;
  for (;;) {
    if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
    let byte = bytes[at]!;

    if (inObject) {
      if (byte !== QUOTE) throw syntaxErrorAt(at, end, 'expected a key in double quotes');
      const start = ++at;
      let hash = KEY_HASH_START;
      let bits = 0;
      let word = words.getInt32(at, true);
      let found = specialBytes(word);
      while (found === 0) {
        bits |= word;
        hash = Math.imul(hash ^ word, KEY_HASH_PRIME);
        at += WORD_BYTES;
        word = words.getInt32(at, true);
        found = specialBytes(word);
      }
      found &= -found;
      word &= (found >>> 7) - 1;
      if (word !== 0) {
        bits |= word;
        hash = Math.imul(hash ^ word, KEY_HASH_PRIME);
        at += (31 - Math.clz32(found)) >>> 3;
      }
      let info = STRING | FLAG_KEY;
      if (bytes[at] !== QUOTE) {
        at = stringEnd(bytes, at, end);
        info |= FLAG_ESCAPES;
        bits = allBits(bytes, start, at);
        hash = keyHash(bytes, start, at);
      }
      if ((bits & HIGH_BITS) !== 0) {
        info |= FLAG_NON_ASCII;
        isSure = false;
      }
      tape[top + START] = start;
      tape[top + END] = at;
      tape[top + EXTRA] = hash;
      tape[top + INFO] = info;
      top += RECORD;
      const first = 1 << (hash >>> 27);
      const second = 1 << (hash >>> 22);
      // The hash says nothing of a key with escapes.
      if (((firstBits & first) !== 0 && (secondBits & second) !== 0) || (info & FLAG_ESCAPES) !== 0) {
        tape[container + INFO]! |= FLAG_UNSURE_KEYS;
      }
      firstBits |= first;
      secondBits |= second;
      at++;
      if (bytes[at] !== COLON) {
        at = skipSpace(bytes, at);
        if (bytes[at] !== COLON) throw syntaxErrorAt(at, end, 'expected ":"');
      }
      at++;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      byte = bytes[at]!;
    }

    if (byte === QUOTE) {
      const start = ++at;
      let bits = 0;
      let word = words.getInt32(at, true);
      let found = specialBytes(word);
      while (found === 0) {
        bits |= word;
        at += WORD_BYTES;
        word = words.getInt32(at, true);
        found = specialBytes(word);
      }
      found &= -found;
      bits |= word & ((found >>> 7) - 1);
      at += (31 - Math.clz32(found)) >>> 3;
      let info: number = STRING;
      let units = at - start;
      if (bytes[at] !== QUOTE) {
        at = bytes[at] === BACKSLASH ? escapedStringEnd(at, end, bits) : stringEnd(bytes, at, end);
        info |= FLAG_ESCAPES;
        units = UNKNOWN_UNITS;
        if (at < 0) {
          at = ~at;
          info |= FLAG_NON_ASCII;
          isSure = false;
        }
      } else if ((bits & HIGH_BITS) !== 0) {
        info |= FLAG_NON_ASCII;
        units = units > MAX_SHORT_STRING_BYTES ? UNKNOWN_UNITS : unitsOfUtf8(bytes, start, at);
        if (units === UNKNOWN_UNITS) isSure = false;
      } else if (units > MAX_SHORT_STRING_BYTES) units = UNKNOWN_UNITS;
      tape[top + START] = start;
      tape[top + END] = at;
      tape[top + EXTRA] = units;
      tape[top + INFO] = info;
      top += RECORD;
      at++;
    } else if (byte === OBJECT_OPEN || byte === ARRAY_OPEN) {
      if (++depth > maxDepth) throw new JsonDepthError(maxDepth, at);
      around[AROUND_NUMBERS * depth] = firstBits;
      around[AROUND_NUMBERS * depth + 1] = secondBits;
      around[AROUND_NUMBERS * depth + 2] = children;
      firstBits = 0;
      secondBits = 0;
      inObject = byte === OBJECT_OPEN;
      tape[top + START] = at;
      tape[top + NEXT] = container;
      tape[top + INFO] = inObject ? OBJECT : ARRAY;
      container = top;
      top += RECORD;
      at++;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      byte = bytes[at]!;
      children = 0;
      if (byte !== (inObject ? OBJECT_CLOSE : ARRAY_CLOSE)) {
        if (inObject && byte !== QUOTE) throw syntaxErrorAt(at, end, 'expected a key in double quotes or "}"');
        continue;
      }
      // Nothing is inside; the end adds one.
      children = -1;
    } else {
      const start = at;
      let info: number = NUMBER;
      let value = 0;
      if ((byte >= ZERO && byte <= NINE) || byte === MINUS) {
        if (byte === MINUS) at++;
        const first = at;
        let digit = bytes[at]! ^ ZERO;
        if (digit > 9) throw syntaxErrorAt(at, end, 'expected a digit');
        do {
          value = (Math.imul(value, 10) + digit) | 0;
          digit = bytes[++at]! ^ ZERO;
        } while (digit <= 9);
        if (bytes[first] === ZERO && at > first + 1) {
          throw syntaxErrorAt(first + 1, end, 'a number must not start with 0');
        }
        let digits = at - first;
        let scale = 0;
        if (bytes[at] === DOT) {
          const point = ++at;
          digit = bytes[at]! ^ ZERO;
          if (digit > 9) throw syntaxErrorAt(at, end, 'expected a digit');
          do {
            value = (Math.imul(value, 10) + digit) | 0;
            digit = bytes[++at]! ^ ZERO;
          } while (digit <= 9);
          scale = at - point;
          digits += scale;
          info |= FLAG_FRACTION;
          // A negative zero has no integer.
          if (byte === MINUS && value === 0) digits = SHORT_NUMBER_DIGITS + 1;
        }
        if ((bytes[at]! | 0x20) === LOWER_E) {
          at = exponentEnd(bytes, at, end);
          info |= FLAG_FRACTION;
        } else if (digits <= SHORT_NUMBER_DIGITS) {
          info |= FLAG_SHORT_NUMBER | (scale << SCALE_SHIFT);
          if (byte === MINUS) value = -value | 0;
        }
      } else {
        const word = words.getInt32(at, true);
        if (word === TRUE_TEXT) {
          info = TRUE;
          at += 4;
        } else if (word === FALSE_TEXT && bytes[at + 4] === LOWER_E) {
          info = FALSE;
          at += 5;
        } else if (word === NULL_TEXT) {
          info = NULL;
          at += 4;
        } else {
          throw syntaxErrorAt(at, end, 'expected a value');
        }
      }
      tape[top + START] = start;
      tape[top + END] = at;
      tape[top + EXTRA] = value;
      tape[top + INFO] = info;
      top += RECORD;
    }

    // A value has ended: go up as long as brackets close.
    for (;;) {
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      byte = bytes[at]!;
      if (container === NO_CONTAINER) {
        if (at < end) throw syntaxErrorAt(at, end, 'expected the end after the value');
        if (!isSure && !isUtf8(text)) throw invalidUtf8(text);
        return top;
      }
      children++;
      if (byte === COMMA) {
        at++;
        break;
      }
      if (byte !== (inObject ? OBJECT_CLOSE : ARRAY_CLOSE)) {
        throw syntaxErrorAt(at, end, inObject ? 'expected "," or "}"' : 'expected "," or "]"');
      }
      at++;
      const outer = tape[container + NEXT]!;
      tape[container + NEXT] = top;
      tape[container + END] = children;
      if (inObject) {
        tape[top - RECORD + INFO]! += CLOSES_ONE;
        if ((tape[container + INFO]! & FLAG_UNSURE_KEYS) !== 0) markRepeatedKeys(tape, text, container);
      }
      firstBits = around[AROUND_NUMBERS * depth]!;
      secondBits = around[AROUND_NUMBERS * depth + 1]!;
      children = around[AROUND_NUMBERS * depth + 2]!;
      depth--;
      container = outer;
      inObject = container !== NO_CONTAINER && (tape[container + INFO]! & KIND_MASK) === OBJECT;
    }
  }
}

/**
 * The closing quote of a string from its first backslash on; the complement of its place if a byte is beyond ASCII.
 *
 * @param bitsBefore all bits of the bytes before
 */
function escapedStringEnd(backslash: number, end: number, bitsBefore: number): number {
  const bytes = BYTES;
  const words = WORDS;
  let at = escapeEnd(bytes, backslash);
  let bits = bitsBefore;
  for (;;) {
    let word = words.getInt32(at, true);
    let found = specialBytes(word);
    while (found === 0) {
      bits |= word;
      at += WORD_BYTES;
      word = words.getInt32(at, true);
      found = specialBytes(word);
    }
    found &= -found;
    bits |= word & ((found >>> 7) - 1);
    at += (31 - Math.clz32(found)) >>> 3;
    if (bytes[at] === QUOTE) return (bits & HIGH_BITS) === 0 ? at : ~at;
    // What is neither is an error, which that one throws.
    at = bytes[at] === BACKSLASH ? escapeEnd(bytes, at) : stringEnd(bytes, at, end);
  }
}

/** Not 0 where one of four bytes is a quote, a backslash or a control character. */
function specialBytes(word: number): number {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  // Of a byte that is less than n, and of none below the lowest such, the high bit is set in (x - n) & ~x. All three have
  // the high bits of the word itself.
  const below = ((quote - 0x01010101) | (backslash - 0x01010101) | (word - 0x20202020)) & ~word;
  return below & HIGH_BITS;
}

/** The bits that any of the bytes has. */
function allBits(bytes: Uint8Array, start: number, end: number): number {
  let bits = 0;
  for (let i = start; i < end; i++) bits |= bytes[i]!;
  return bits;
}
