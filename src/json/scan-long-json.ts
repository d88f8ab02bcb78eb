import { isUtf8 } from 'node:buffer';
import { JsonDepthError } from './json-errors.ts';
import { isDigitAt, literalAt, numberEnd, skipSpace, stringEnd, syntaxErrorAt } from './json-scan.ts';
import {
  CLOSES_SHIFT,
  END,
  EXTRA,
  FLAG_ESCAPES,
  FLAG_FRACTION,
  FLAG_KEY,
  FLAG_NON_ASCII,
  INFO,
  JsonKind,
  KIND_MASK,
  keyHash,
  NEXT,
  RECORD,
  ROOT,
  START,
  UNKNOWN_UNITS,
} from './json-tape.ts';
import { markRepeatedKeys } from './repeated-keys.ts';
import { PADDING_BYTES, type ScannedText } from './scanned-text.ts';
import { invalidUtf8 } from './utf8-fault.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const DOT = 0x2e;
const COLON = 0x3a;
const ARRAY_OPEN = 0x5b;
const ARRAY_CLOSE = 0x5d;
const LOWER_E = 0x65;
const OBJECT_OPEN = 0x7b;
const OBJECT_CLOSE = 0x7d;
/** Typical texts have one node for 6 to 10 bytes; the tape doubles where that is too little. */
const BYTES_PER_NODE = 8;

/**
 * Does what `scanJson` does, in the obvious way and for texts of any length: the same language, the same errors, the same
 * tape but for what the tape may leave out (units of strings, digits of numbers).
 */
export function scanLongJson(text: Buffer, maxDepth: number): ScannedText {
  const bytes = Buffer.alloc(text.length + PADDING_BYTES);
  bytes.set(text);
  const scan = new LongScan(bytes, text.length, maxDepth);
  try {
    scan.run();
  } catch (error) {
    throw isUtf8(text) ? error : invalidUtf8(text);
  }
  if (!isUtf8(text)) throw invalidUtf8(text);
  return { holder: undefined, tape: scan.tape, words: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

class LongScan {
  tape: Int32Array;
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #maxDepth: number;
  #top: number = ROOT;
  #at = 0;
  /** The objects and arrays that are open, the innermost last. */
  readonly #open: number[] = [];

  constructor(bytes: Buffer, end: number, maxDepth: number) {
    this.tape = new Int32Array(RECORD * (4 + Math.ceil(end / BYTES_PER_NODE)));
    this.#bytes = bytes;
    this.#end = end;
    this.#maxDepth = maxDepth;
  }

  run(): void {
    if (this.#bytes.readUIntBE(0, 3) === 0xefbbbf) this.#at = 3;
    do {
      this.#skipSpace();
      if (this.#inObject()) this.#key();
      const byte = this.#bytes[this.#at]!;
      if (byte === OBJECT_OPEN || byte === ARRAY_OPEN) {
        if (!this.#isEmptyAfterOpening(byte)) continue;
      } else if (byte === QUOTE) this.#string(JsonKind.String);
      else this.#numberOrLiteral();
      this.#closeEnded();
    } while (this.#open.length > 0);
    this.#skipSpace();
    if (this.#at < this.#end) throw this.#error('expected the end after the value');
  }

  #inObject(): boolean {
    const { length } = this.#open;
    return length > 0 && isObject(this.tape, this.#open[length - 1]!);
  }

  #key(): void {
    if (this.#bytes[this.#at] !== QUOTE) throw this.#error('expected a key in double quotes');
    this.#string(JsonKind.String | FLAG_KEY);
    this.#skipSpace();
    if (this.#bytes[this.#at] !== COLON) throw this.#error('expected ":"');
    this.#at++;
    this.#skipSpace();
  }

  #string(kind: number): void {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    const end = stringEnd(bytes, start, this.#end);
    let info = kind;
    for (let i = start; i < end; i++) {
      if (bytes[i] === 0x5c) info |= FLAG_ESCAPES;
      if (bytes[i]! >= 0x80) info |= FLAG_NON_ASCII;
    }
    const isKey = (kind & FLAG_KEY) !== 0;
    this.#record(start, end, isKey ? keyHash(bytes, start, end) : UNKNOWN_UNITS, info);
    this.#at = end + 1;
  }

  #numberOrLiteral(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    if (isDigitAt(bytes, start) || bytes[start] === 0x2d) {
      this.#at = numberEnd(bytes, start, this.#end);
      let info: number = JsonKind.Number;
      for (let i = start; i < this.#at; i++)
        if (bytes[i] === DOT || (bytes[i]! | 0x20) === LOWER_E) info |= FLAG_FRACTION;
      this.#record(start, this.#at, 0, info);
      return;
    }
    const kind = literalAt(bytes, start);
    if (kind === undefined) throw this.#error('expected a value');
    this.#at += kind === JsonKind.False ? 5 : 4;
    this.#record(start, this.#at, 0, kind);
  }

  /** Opens an object or array; answers whether it ends at once. */
  #isEmptyAfterOpening(byte: number): boolean {
    if (this.#open.length === this.#maxDepth) throw new JsonDepthError(this.#maxDepth, this.#at);
    const opensObject = byte === OBJECT_OPEN;
    this.#open.push(this.#top);
    this.#record(this.#at, 0, 0, opensObject ? JsonKind.Object : JsonKind.Array);
    this.#at++;
    this.#skipSpace();
    const next = this.#bytes[this.#at];
    if (next === (opensObject ? OBJECT_CLOSE : ARRAY_CLOSE)) {
      this.#at++;
      this.#close();
      return true;
    }
    if (opensObject && next !== QUOTE) throw this.#error('expected a key in double quotes or "}"');
    return false;
  }

  /** After a value: up to the next value or key, or to the end of the text. */
  #closeEnded(): void {
    const { tape } = this;
    while (this.#open.length > 0) {
      this.#skipSpace();
      const byte = this.#bytes[this.#at];
      const inObject = this.#inObject();
      tape[this.#open[this.#open.length - 1]! + END]!++;
      if (byte === COMMA) {
        this.#at++;
        return;
      }
      if (byte !== (inObject ? OBJECT_CLOSE : ARRAY_CLOSE)) {
        throw this.#error(inObject ? 'expected "," or "}"' : 'expected "," or "]"');
      }
      this.#at++;
      this.#close();
    }
  }

  #close(): void {
    const { tape } = this;
    const container = this.#open.pop()!;
    tape[container + NEXT] = this.#top;
    if (!isObject(tape, container)) return;
    tape[this.#top - RECORD + INFO]! += 1 << CLOSES_SHIFT;
    markRepeatedKeys(tape, this.#bytes, container);
  }

  #record(start: number, end: number, extra: number, info: number): void {
    if (this.#top === this.tape.length) {
      const twice = new Int32Array(this.tape.length * 2);
      twice.set(this.tape);
      this.tape = twice;
    }
    const { tape } = this;
    tape[this.#top + START] = start;
    tape[this.#top + END] = end;
    tape[this.#top + EXTRA] = extra;
    tape[this.#top + INFO] = info;
    this.#top += RECORD;
  }

  #skipSpace(): void {
    this.#at = skipSpace(this.#bytes, this.#at);
  }

  #error(message: string): Error {
    return syntaxErrorAt(this.#at, this.#end, message);
  }
}

function isObject(tape: Int32Array, container: number): boolean {
  return (tape[container + INFO]! & KIND_MASK) === JsonKind.Object;
}
