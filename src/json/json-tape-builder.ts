import { isUtf8 } from 'node:buffer';
import { JsonDepthError, JsonSyntaxError } from './json-errors.ts';
import { decodeJsonString, equalRanges } from './json-string.ts';
import {
  END,
  FLAG_DEAD,
  FLAG_ESCAPES,
  FLAG_FRACTION,
  FLAG_NON_ASCII,
  INFO,
  JsonKind,
  KEY_HASH_START,
  keyHashStep,
  NEXT,
  RECORD,
  START,
} from './json-tape.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const ARRAY_OPEN = 0x5b;
const ARRAY_CLOSE = 0x5d;
const OBJECT_OPEN = 0x7b;
const OBJECT_CLOSE = 0x7d;

/** Objects up to this size find repeated keys by comparing hashes; larger ones by a Map, which no caller can slow down. */
const SMALL_OBJECT = 24;
const NO_CONTAINER = -1;

/**
 * Checks a JSON text (RFC 8259, UTF-8, a leading byte order mark is skipped) in one pass and returns its tape.
 *
 * It loops, it does not recurse: the enclosing container is kept in the `NEXT` slot of an open one. The tape has at most
 * one record for two bytes of text. Throws `JsonSyntaxError` and `JsonDepthError`.
 */
export function buildJsonTape(bytes: Buffer, maxDepth: number): Int32Array {
  if (!isUtf8(bytes)) throw new JsonSyntaxError('the text is not valid UTF-8', invalidUtf8Offset(bytes));
  return new TapeBuilder(bytes).build(maxDepth);
}

class TapeBuilder {
  readonly #bytes: Buffer;
  readonly #length: number;
  #at = 0;
  #tape: Int32Array;
  /** Node the next record gets. */
  #top = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#length = bytes.length;
    // Typical bodies have one node for 6 to 10 bytes; the tape doubles where that is too little.
    this.#tape = new Int32Array(RECORD * (4 + (bytes.length >>> 3)));
  }

  build(maxDepth: number): Int32Array {
    const bytes = this.#bytes;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#at = 3;
    let container = NO_CONTAINER;
    let depth = 0;
    for (;;) {
      const first = this.#skipSpace();
      if (first === OBJECT_OPEN || first === ARRAY_OPEN) {
        if (++depth > maxDepth) throw new JsonDepthError(maxDepth, this.#at);
        container = this.#open(first === OBJECT_OPEN ? JsonKind.Object : JsonKind.Array, container);
        const next = this.#skipSpace();
        if (next !== first + 2) {
          if (first === OBJECT_OPEN) this.#key(next, 'expected a key in double quotes or "}"');
          continue;
        }
        container = this.#close(container);
        depth--;
      } else {
        this.#scalar(first);
      }
      // A value has ended: go up as long as brackets close.
      for (;;) {
        const next = this.#skipSpace();
        if (container === NO_CONTAINER) {
          if (this.#at < this.#length) throw this.#error('expected the end after the value');
          return this.#tape;
        }
        const inObject = this.#tape[container + INFO] === JsonKind.Object;
        this.#tape[container + END]!++;
        if (next === COMMA) {
          this.#at++;
          if (inObject) this.#key(this.#skipSpace(), 'expected a key in double quotes');
          break;
        }
        if (next !== (inObject ? OBJECT_CLOSE : ARRAY_CLOSE)) {
          throw this.#error(inObject ? 'expected "," or "}"' : 'expected "," or "]"');
        }
        container = this.#close(container);
        depth--;
      }
    }
  }

  #open(kind: JsonKind, parent: number): number {
    const node = this.#record(this.#at, 0, parent, kind);
    this.#at++;
    return node;
  }

  /** Ends a container and returns the one around it. */
  #close(container: number): number {
    const tape = this.#tape;
    const parent = tape[container + NEXT]!;
    tape[container + NEXT] = this.#top;
    this.#at++;
    if (tape[container + INFO] === JsonKind.Object && tape[container + END]! > 1) this.#markRepeatedKeys(container);
    return parent;
  }

  #scalar(first: number): void {
    switch (first) {
      case QUOTE:
        this.#string();
        return;
      case 0x74: // t
        this.#literal('true', JsonKind.True);
        return;
      case 0x66: // f
        this.#literal('false', JsonKind.False);
        return;
      case 0x6e: // n
        this.#literal('null', JsonKind.Null);
        return;
      default:
        if (first !== MINUS && !isDigit(first)) throw this.#error('expected a value');
        this.#number(first);
    }
  }

  #literal(word: string, kind: JsonKind): void {
    const start = this.#at;
    for (let i = 1; i < word.length; i++) {
      if (this.#bytes[start + i] !== word.charCodeAt(i)) throw this.#error('expected a value');
    }
    this.#at = start + word.length;
    this.#record(start, this.#at, this.#top + RECORD, kind);
  }

  #number(first: number): void {
    const start = this.#at;
    let next = first === MINUS ? this.#advance() : first;
    let info: number = JsonKind.Number;
    if (next === ZERO) {
      next = this.#advance();
      if (isDigit(next)) throw this.#error('a number must not start with 0');
    } else {
      next = this.#digits(next);
    }
    if (next === 0x2e) {
      info |= FLAG_FRACTION;
      next = this.#digits(this.#advance());
    }
    if (next === 0x65 || next === 0x45) {
      info |= FLAG_FRACTION;
      next = this.#advance();
      if (next === MINUS || next === 0x2b) next = this.#advance();
      this.#digits(next);
    }
    this.#record(start, this.#at, this.#top + RECORD, info);
  }

  /** At least one digit; returns the byte after the last. */
  #digits(first: number): number {
    if (!isDigit(first)) throw this.#error('expected a digit');
    let next = first;
    while (isDigit(next)) next = this.#advance();
    return next;
  }

  #string(): void {
    const bytes = this.#bytes;
    const length = this.#length;
    const start = this.#at + 1;
    let at = start;
    let allBits = 0;
    let info: number = JsonKind.String;
    for (;;) {
      if (at >= length) throw this.#errorAt('unexpected end inside a string', length);
      const byte = bytes[at]!;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        info |= FLAG_ESCAPES;
        at = this.#escape(at);
      } else if (byte < 0x20) {
        throw this.#errorAt('a control character in a string must be written as an escape', at);
      } else {
        allBits |= byte;
        at++;
      }
    }
    if (allBits >= 0x80) info |= FLAG_NON_ASCII;
    this.#at = at + 1;
    this.#record(start, at, this.#top + RECORD, info);
  }

  /** A key and the colon after it. */
  #key(first: number, expected: string): void {
    if (first !== QUOTE) throw this.#error(expected);
    const node = this.#top;
    this.#string();
    const tape = this.#tape;
    const bytes = this.#bytes;
    const end = tape[node + END]!;
    let hash = KEY_HASH_START;
    for (let i = tape[node + START]!; i < end; i++) hash = keyHashStep(hash, bytes[i]!);
    tape[node + NEXT] = hash;
    if (this.#skipSpace() !== COLON) throw this.#error('expected ":"');
    this.#at++;
  }

  /** Checks the escape at `at` and returns the place after it. */
  #escape(at: number): number {
    const bytes = this.#bytes;
    switch (bytes[at + 1]) {
      case QUOTE:
      case BACKSLASH:
      case 0x2f: // /
      case 0x62: // b
      case 0x66: // f
      case 0x6e: // n
      case 0x72: // r
      case 0x74: // t
        return at + 2;
      case 0x75: // u
        for (let i = at + 2; i < at + 6; i++) {
          if (!isHexDigit(i < this.#length ? bytes[i]! : 0)) {
            throw this.#errorAt('expected four hexadecimal digits after "\\u"', i);
          }
        }
        return at + 6;
      default:
        throw this.#errorAt('unknown escape in a string', at);
    }
  }

  #markRepeatedKeys(object: number): void {
    const tape = this.#tape;
    const end = tape[object + NEXT]!;
    if (tape[object + END]! > SMALL_OBJECT) {
      this.#markByMap(object, end);
      return;
    }
    let seenBits = 0;
    for (let key = object + RECORD; key < end; key = tape[key + RECORD + NEXT]!) {
      if ((tape[key + INFO]! & FLAG_ESCAPES) !== 0) {
        this.#markByMap(object, end);
        return;
      }
      const bit = 1 << (tape[key + NEXT]! & 31);
      if ((seenBits & bit) !== 0) this.#markEarlier(object, key);
      seenBits |= bit;
    }
  }

  /** Marks the live key before `key` that has the same bytes, if there is one. */
  #markEarlier(object: number, key: number): void {
    const tape = this.#tape;
    const hash = tape[key + NEXT]!;
    for (let other = object + RECORD; other < key; other = tape[other + RECORD + NEXT]!) {
      if (tape[other + NEXT] !== hash || (tape[other + INFO]! & FLAG_DEAD) !== 0) continue;
      if (equalRanges(this.#bytes, tape[key + START]!, tape[key + END]!, tape[other + START]!, tape[other + END]!)) {
        this.#kill(object, other);
        return;
      }
    }
  }

  #markByMap(object: number, end: number): void {
    const tape = this.#tape;
    const keys = new Map<string, number>();
    for (let key = object + RECORD; key < end; key = tape[key + RECORD + NEXT]!) {
      const info = tape[key + INFO]!;
      if ((info & FLAG_DEAD) !== 0) continue;
      const text = decodeJsonString(
        this.#bytes,
        tape[key + START]!,
        tape[key + END]!,
        (info & FLAG_ESCAPES) !== 0,
        (info & FLAG_NON_ASCII) === 0,
      );
      const earlier = keys.get(text);
      if (earlier !== undefined) this.#kill(object, earlier);
      keys.set(text, key);
    }
  }

  #kill(object: number, key: number): void {
    this.#tape[key + INFO]! |= FLAG_DEAD;
    this.#tape[object + END]!--;
  }

  #record(start: number, end: number, next: number, info: number): number {
    const node = this.#top;
    if (node + RECORD > this.#tape.length) this.#grow();
    const tape = this.#tape;
    tape[node + START] = start;
    tape[node + END] = end;
    tape[node + NEXT] = next;
    tape[node + INFO] = info;
    this.#top = node + RECORD;
    return node;
  }

  #grow(): void {
    const grown = new Int32Array(this.#tape.length * 2);
    grown.set(this.#tape);
    this.#tape = grown;
  }

  /** The byte after white space; 0 at the end. */
  #skipSpace(): number {
    const bytes = this.#bytes;
    const length = this.#length;
    let at = this.#at;
    let byte = 0;
    while (at < length) {
      byte = bytes[at]!;
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
      at++;
      byte = 0;
    }
    this.#at = at;
    return byte;
  }

  /** Steps on by one byte and returns the byte there; 0 at the end. */
  #advance(): number {
    const at = ++this.#at;
    return at < this.#length ? this.#bytes[at]! : 0;
  }

  #error(message: string): JsonSyntaxError {
    return this.#errorAt(this.#at < this.#length ? message : `${message}, got the end`, this.#at);
  }

  #errorAt(message: string, offset: number): JsonSyntaxError {
    return new JsonSyntaxError(message, offset);
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** The first byte that is not part of a valid character: by blocks first, so that a long text stays cheap. */
function invalidUtf8Offset(bytes: Buffer): number {
  let start = 0;
  for (;;) {
    const end = characterStart(bytes, Math.min(start + 4096, bytes.length));
    if (end <= start || !isUtf8(bytes.subarray(start, end))) break;
    start = end;
  }
  while (start < bytes.length) {
    const lead = bytes[start]!;
    const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (start + size > bytes.length || !isUtf8(bytes.subarray(start, start + size))) break;
    start += size;
  }
  return start;
}

/** The start of the character that `at` is inside of, looking back three bytes at most. */
function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start > at - 3 && start > 0 && start < bytes.length && (bytes[start]! & 0xc0) === 0x80) start--;
  return start;
}
