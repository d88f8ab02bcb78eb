import { isUtf8 } from 'node:buffer';
import { JsonDepthError, JsonSyntaxError } from './json-errors.ts';
import {
  fractionEnd,
  isFalseAt,
  isNullAt,
  isTrueAt,
  skipSpace,
  stringEnd,
  syntaxErrorAt,
  wholeEnd,
} from './json-scan.ts';
import * as Tape from './json-tape.ts';
import { markRepeatedKeys } from './repeated-keys.ts';
import { invalidUtf8Offset } from './utf8-fault.ts';

// A name of another module is looked up at each use; a constant of this one becomes a part of the compiled code.
const { CLOSES_SHIFT, END, FLAG_ESCAPES, FLAG_FRACTION, FLAG_KEY, FLAG_NON_ASCII, FLAG_UNSURE_KEYS } = Tape;
const { INFO, KEY_HASH_PRIME, KEY_HASH_START, KIND_MASK, keyHash, NEXT, RECORD, START } = Tape;
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
/** Numbers in an array that tapes share: 16 KiB, so that a document kept for long holds little beside its own. */
const SHARED_NUMBERS = 4096;

const WORD_BYTES = 4;
const HIGH_BITS = 0x80808080 | 0;

/** 0 for bytes of a string that stand for themselves: all but quote, backslash and control characters. */
const SPECIAL = new Uint8Array(256).fill(1, 0, 0x20);
SPECIAL[QUOTE] = 1;
SPECIAL[BACKSLASH] = 1;

/**
 * Checks JSON texts (RFC 8259, UTF-8, a leading byte order mark is skipped) in one pass each and leaves their tapes.
 *
 * It loops, it does not recurse: the enclosing container is kept in the `NEXT` slot of an open one. The tape has at most
 * one record for two bytes of text. The tapes of small texts stand one after the other in the same array.
 */
export class JsonTapeBuilder {
  /** The array that holds the tape of the last text. */
  tape = new Int32Array(SHARED_NUMBERS);
  /** The first node of the last text. */
  root = 0;
  /** Where the next tape may start. */
  #free = 0;
  /** What is known of the keys of the objects around the present container, two numbers a level. */
  #seen = new Int32Array(128);

  /**
   * Throws `JsonSyntaxError` and `JsonDepthError`.
   *
   * @param view the same bytes, for strings to be scanned four bytes at once; a short text does without
   */
  build(bytes: Buffer, view: DataView | undefined, maxDepth: number): void {
    // Typical texts have one node for 6 to 10 bytes; the tape doubles where that is too little.
    const expected = RECORD * (4 + (bytes.length >>> 3));
    if (this.#free + expected > this.tape.length) {
      this.tape = new Int32Array(Math.max(SHARED_NUMBERS, expected));
      this.#free = 0;
    }
    this.root = this.#free;
    try {
      this.#free = this.#scan(bytes, view, maxDepth);
    } catch (error) {
      // Bytes that are no UTF-8 have no characters to complain about.
      throw isUtf8(bytes) ? error : invalidUtf8(bytes);
    }
  }

  /** Returns the place after the tape. One loop over local variables: this is where a request's CPU time goes. */
  #scan(bytes: Buffer, view: DataView | undefined, maxDepth: number): number {
    const { length } = bytes;
    const lastWord = length - WORD_BYTES;
    const special = SPECIAL;
    let { tape } = this;
    let seen = this.#seen;
    let top = this.root;
    let at = length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    let container = NO_CONTAINER;
    let inObject = false;
    let depth = 0;
    let ascii = true;
    // Two sets of the hashes of this object's keys, each of 32 bits: a key that is not in both is new.
    let lowBits = 0;
    let highBits = 0;
    for (;;) {
      // Room for a key and its value.
      if (top + 2 * RECORD > tape.length) tape = this.#growTape();
      if (at < length && bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      let byte = at < length ? bytes[at]! : 0;

      if (inObject) {
        if (byte !== QUOTE) throw syntaxErrorAt(bytes, at, 'expected a key in double quotes');
        const start = ++at;
        let hash = KEY_HASH_START;
        let bits = 0;
        while (at < length) {
          byte = bytes[at]!;
          if (special[byte] !== 0) break;
          bits |= byte;
          hash = Math.imul(hash ^ byte, KEY_HASH_PRIME);
          at++;
        }
        let info = STRING | FLAG_KEY;
        if (at === length || byte !== QUOTE) {
          at = stringEnd(bytes, at);
          info |= FLAG_ESCAPES;
          bits = allBits(bytes, start, at);
          hash = keyHash(bytes, start, at);
        }
        if (bits >= 0x80) {
          info |= FLAG_NON_ASCII;
          ascii = false;
        }
        tape[top + START] = start;
        tape[top + END] = at;
        tape[top + NEXT] = hash;
        tape[top + INFO] = info;
        top += RECORD;
        const low = 1 << hash;
        const high = 1 << (hash >>> 5);
        // The hash says nothing of a key with escapes.
        if (((lowBits & low) !== 0 && (highBits & high) !== 0) || (info & FLAG_ESCAPES) !== 0) {
          tape[container + INFO]! |= FLAG_UNSURE_KEYS;
        }
        lowBits |= low;
        highBits |= high;
        at++;
        if (at < length && bytes[at]! <= SPACE) at = skipSpace(bytes, at);
        if (at === length || bytes[at] !== COLON) throw syntaxErrorAt(bytes, at, 'expected ":"');
        at++;
        if (at < length && bytes[at]! <= SPACE) at = skipSpace(bytes, at);
        byte = at < length ? bytes[at]! : 0;
      }

      if (byte === QUOTE) {
        const start = ++at;
        let bits = 0;
        if (view !== undefined) {
          while (at <= lastWord) {
            const word = view.getInt32(at, true);
            const found = specialBytes(word);
            if (found !== 0) {
              const skipped = (31 - Math.clz32(found & -found)) >>> 3;
              bits |= word & ((1 << (8 * skipped)) - 1);
              at += skipped;
              break;
            }
            bits |= word;
            at += WORD_BYTES;
          }
        }
        while (at < length) {
          byte = bytes[at]!;
          if (special[byte] !== 0) break;
          bits |= byte;
          at++;
        }
        let info: number = STRING;
        if (at === length || byte !== QUOTE) {
          at = stringEnd(bytes, at);
          info |= FLAG_ESCAPES;
          bits = allBits(bytes, start, at);
        }
        if ((bits & HIGH_BITS) !== 0) {
          info |= FLAG_NON_ASCII;
          ascii = false;
        }
        tape[top + START] = start;
        tape[top + END] = at;
        tape[top + NEXT] = top + RECORD;
        tape[top + INFO] = info;
        top += RECORD;
        at++;
      } else if (byte === OBJECT_OPEN || byte === ARRAY_OPEN) {
        if (++depth > maxDepth) throw new JsonDepthError(maxDepth, at);
        if (2 * depth + 1 >= seen.length) seen = this.#growSeen();
        seen[2 * depth] = lowBits;
        seen[2 * depth + 1] = highBits;
        lowBits = 0;
        highBits = 0;
        inObject = byte === OBJECT_OPEN;
        tape[top + START] = at;
        tape[top + END] = 0;
        tape[top + NEXT] = container;
        tape[top + INFO] = inObject ? OBJECT : ARRAY;
        container = top;
        top += RECORD;
        at++;
        if (at < length && bytes[at]! <= SPACE) at = skipSpace(bytes, at);
        byte = at < length ? bytes[at]! : 0;
        if (byte !== (inObject ? OBJECT_CLOSE : ARRAY_CLOSE)) {
          if (inObject && byte !== QUOTE) throw syntaxErrorAt(bytes, at, 'expected a key in double quotes or "}"');
          continue;
        }
        // Nothing is inside; the end adds one.
        tape[container + END] = -1;
      } else {
        const start = at;
        let info: number = NUMBER;
        if ((byte >= ZERO && byte <= NINE) || byte === MINUS) {
          if (byte === MINUS) at++;
          at = wholeEnd(bytes, at);
          if (at < length && (bytes[at] === DOT || (bytes[at]! | 0x20) === LOWER_E)) {
            info |= FLAG_FRACTION;
            at = fractionEnd(bytes, at);
          }
        } else if (isTrueAt(bytes, at)) {
          info = TRUE;
          at += 4;
        } else if (isFalseAt(bytes, at)) {
          info = FALSE;
          at += 5;
        } else if (isNullAt(bytes, at)) {
          info = NULL;
          at += 4;
        } else {
          throw syntaxErrorAt(bytes, at, 'expected a value');
        }
        tape[top + START] = start;
        tape[top + END] = at;
        tape[top + NEXT] = top + RECORD;
        tape[top + INFO] = info;
        top += RECORD;
      }

      // A value has ended: go up as long as brackets close.
      for (;;) {
        if (at < length && bytes[at]! <= SPACE) at = skipSpace(bytes, at);
        if (container === NO_CONTAINER) {
          if (at < length) throw syntaxErrorAt(bytes, at, 'expected the end after the value');
          if (!ascii && !isUtf8(bytes)) throw invalidUtf8(bytes);
          return top;
        }
        byte = at < length ? bytes[at]! : 0;
        tape[container + END]!++;
        if (byte === COMMA) {
          at++;
          break;
        }
        if (byte !== (inObject ? OBJECT_CLOSE : ARRAY_CLOSE)) {
          throw syntaxErrorAt(bytes, at, inObject ? 'expected "," or "}"' : 'expected "," or "]"');
        }
        at++;
        const outer = tape[container + NEXT]!;
        tape[container + NEXT] = top;
        if (inObject) {
          tape[top - RECORD + INFO]! += CLOSES_ONE;
          if ((tape[container + INFO]! & FLAG_UNSURE_KEYS) !== 0) markRepeatedKeys(tape, bytes, container);
        }
        lowBits = seen[2 * depth]!;
        highBits = seen[2 * depth + 1]!;
        depth--;
        container = outer;
        inObject = container !== NO_CONTAINER && (tape[container + INFO]! & KIND_MASK) === OBJECT;
      }
    }
  }

  #growTape(): Int32Array<ArrayBuffer> {
    this.tape = grown(this.tape);
    return this.tape;
  }

  #growSeen(): Int32Array<ArrayBuffer> {
    this.#seen = grown(this.#seen);
    return this.#seen;
  }
}

function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const twice = new Int32Array(numbers.length * 2);
  twice.set(numbers);
  return twice;
}

/** Not 0 where one of four bytes is a quote, a backslash or a control character. */
function specialBytes(word: number): number {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  // Of a byte that is less than n, and of none below the lowest such, the high bit is set in (x - n) & ~x.
  const below =
    ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | ((word - 0x20202020) & ~word);
  return below & HIGH_BITS;
}

/** The bits that any of the bytes has. */
function allBits(bytes: Uint8Array, start: number, end: number): number {
  let bits = 0;
  for (let i = start; i < end; i++) bits |= bytes[i]!;
  return bits;
}

function invalidUtf8(bytes: Buffer): JsonSyntaxError {
  return new JsonSyntaxError('the text is not valid UTF-8', invalidUtf8Offset(bytes));
}
