import { decodeJsonString, equalsAscii } from './json-string.ts';
import type { JsonKind } from './json-tape.ts';
import * as Tape from './json-tape.ts';
import { lastScan, MAX_SCANNED_BYTES, MAX_SCANNED_DEPTH, scanJson } from './scan-json.ts';
import { scanLongJson } from './scan-long-json.ts';
import { PADDING_BYTES, type ScannedText } from './scanned-text.ts';

// A name of another module is looked up at each use; a constant of this one becomes a part of the compiled code.
const {
  END,
  EXTRA,
  FLAG_DEAD,
  FLAG_ESCAPES,
  FLAG_FRACTION,
  FLAG_NON_ASCII,
  INFO,
  KIND_MASK,
  NEXT,
  nextNode,
  RECORD,
  ROOT,
  START,
} = Tape;
const { Array: ARRAY, Object: OBJECT } = Tape.JsonKind;

/** What a look-up answers when nothing is there. */
export const NO_NODE = -1;

/**
 * A checked JSON text and the tape over it (`json-tape.ts`). No object is built: values are read from the bytes when
 * asked for, so keys such as `__proto__` are plain text and the digits of numbers are never rounded.
 *
 * A node is a number. Walk an array by `for (let n = firstChild(a); n < end(a); n = next(n))` and an object by
 * `for (let k = firstMember(o), e = end(o); k < e; k = nextMember(k, e))` with the value at `memberValue(k)`. Of keys
 * that come twice only the last is seen.
 */
export class JsonDocument {
  /** The text. It must not change while the document is in use. */
  readonly bytes: Buffer;
  /** The node of the whole text. */
  readonly root = ROOT;
  #scanned: ScannedText;

  /** @param scanned what the scan of `bytes` left; another scan may take its place */
  constructor(bytes: Buffer, scanned: ScannedText) {
    this.bytes = bytes;
    this.#scanned = scanned;
    scanned.holder = this;
  }

  /** For loops that walk it themselves. Good until another document is parsed or read. */
  get tape(): Int32Array {
    const scanned = this.#scanned;
    return scanned.holder === this ? scanned.tape : this.#scanAgain().tape;
  }

  /** The text and eight bytes more, for reading several at once. Good until another document is parsed or read. */
  get words(): DataView {
    const scanned = this.#scanned;
    return scanned.holder === this ? scanned.words : this.#scanAgain().words;
  }

  kind(node: number): JsonKind {
    return (this.tape[node + INFO]! & KIND_MASK) as JsonKind;
  }

  /** First byte of the value; of a string the byte after its quote. */
  start(node: number): number {
    return this.tape[node + START]!;
  }

  /** Byte after a string (its closing quote), number or literal. */
  stop(node: number): number {
    return this.tape[node + END]!;
  }

  /** Elements of an array, members of an object; 0 for others. */
  childCount(node: number): number {
    return this.kind(node) >= ARRAY ? this.tape[node + END]! : 0;
  }

  /** The first element of an array; equal to `end` when there is none. */
  firstChild(array: number): number {
    return array + RECORD;
  }

  /** The value after this one in the same array; `end` of the array after the last. */
  next(node: number): number {
    return nextNode(this.tape, node);
  }

  /** Where the children of an array or object stop. */
  end(container: number): number {
    return this.tape[container + NEXT]!;
  }

  /** The key of the first member of an object; equal to `end` when there is none. */
  firstMember(object: number): number {
    return this.#skipDead(object + RECORD, this.tape[object + NEXT]!);
  }

  /** The key of the member after this one; `end` after the last. */
  nextMember(key: number, end: number): number {
    return this.#skipDead(nextNode(this.tape, key + RECORD), end);
  }

  memberValue(key: number): number {
    return key + RECORD;
  }

  /** The hash of a key's bytes (`keyHash` in `json-tape.ts`); says nothing about a key with escapes. */
  keyHash(key: number): number {
    return this.tape[key + EXTRA]!;
  }

  /** Whether a string or key has backslash escapes, so that its bytes are not its characters. */
  hasEscapes(node: number): boolean {
    return (this.tape[node + INFO]! & FLAG_ESCAPES) !== 0;
  }

  /** Whether all bytes of a string are ASCII; its escapes may still stand for other characters. */
  isAscii(node: number): boolean {
    return (this.tape[node + INFO]! & FLAG_NON_ASCII) === 0;
  }

  /** UTF-16 units of a short string, not of a key; `UNKNOWN_UNITS` of others. */
  units(string: number): number {
    return this.tape[string + EXTRA]!;
  }

  /** Whether a number is written without fraction and exponent. */
  isIntegerText(node: number): boolean {
    return (this.tape[node + INFO]! & FLAG_FRACTION) === 0;
  }

  /** The characters of a string or key. */
  stringValue(node: number): string {
    const tape = this.tape;
    const info = tape[node + INFO]!;
    return decodeJsonString(
      this.bytes,
      tape[node + START]!,
      tape[node + END]!,
      (info & FLAG_ESCAPES) !== 0,
      (info & FLAG_NON_ASCII) === 0,
    );
  }

  /** A number exactly as written. */
  numberText(node: number): string {
    return this.bytes.toString('latin1', this.tape[node + START]!, this.tape[node + END]!);
  }

  /** Whether a string or key has exactly these characters. */
  equals(node: number, text: string): boolean {
    const tape = this.tape;
    if ((tape[node + INFO]! & (FLAG_ESCAPES | FLAG_NON_ASCII)) !== 0) return this.stringValue(node) === text;
    return equalsAscii(this.bytes, tape[node + START]!, tape[node + END]!, text);
  }

  /** The value of a member, or `NO_NODE` when there is none or `object` is not an object. */
  find(object: number, key: string): number {
    if (this.kind(object) !== OBJECT) return NO_NODE;
    const end = this.end(object);
    for (let member = this.firstMember(object); member < end; member = this.nextMember(member, end)) {
      if (this.equals(member, key)) return this.memberValue(member);
    }
    return NO_NODE;
  }

  /** An element of an array, or `NO_NODE` when there is none or `array` is not an array. */
  element(array: number, index: number): number {
    if (this.kind(array) !== ARRAY || index < 0 || index >= this.childCount(array)) return NO_NODE;
    let node = this.firstChild(array);
    for (let i = 0; i < index; i++) node = this.next(node);
    return node;
  }

  /** The value that keys and indexes lead to from the root, or `NO_NODE`. */
  at(path: readonly (string | number)[]): number {
    let node = this.root;
    for (let i = 0; i < path.length && node !== NO_NODE; i++) {
      const step = path[i]!;
      node = typeof step === 'number' ? this.element(node, step) : this.find(node, step);
    }
    return node;
  }

  /** After another document has taken the shared place: for a place of its own, so that this happens once. */
  #scanAgain(): ScannedText {
    const scanned = scanAgain(this.bytes);
    scanned.holder = this;
    this.#scanned = scanned;
    return scanned;
  }

  #skipDead(key: number, end: number): number {
    const tape = this.tape;
    let live = key;
    while (live < end && (tape[live + INFO]! & FLAG_DEAD) !== 0) live = nextNode(tape, live + RECORD);
    return live;
  }
}

/**
 * Reads a JSON text: RFC 8259, UTF-8, a leading byte order mark is skipped. `\ud800` alone is allowed, as in RFC 8259;
 * everything that `JSON.parse` refuses is refused. The root may be any value.
 *
 * @param maxDepth objects and arrays inside each other; a plain value has depth 0, `[[]]` has 2
 * @throws JsonSyntaxError with the byte offset; JsonDepthError when it nests deeper than `maxDepth`
 */
export function parseJson(bytes: Buffer, maxDepth: number): JsonDocument {
  if (bytes.length > MAX_SCANNED_BYTES || maxDepth > MAX_SCANNED_DEPTH) {
    return new JsonDocument(bytes, scanLongJson(bytes, maxDepth));
  }
  scanJson(bytes, maxDepth);
  return new JsonDocument(bytes, lastScan);
}

/** What the scan of a short text left, in a place of its own. */
function scanAgain(bytes: Buffer): ScannedText {
  // Most bodies are written in the turn they are parsed in. This is for those that waited, and for claims and constants.
  const tapeEnd = scanJson(bytes, MAX_SCANNED_DEPTH);
  const words = new DataView(lastScan.words.buffer.slice(0, bytes.length + PADDING_BYTES));
  return { holder: undefined, tape: lastScan.tape.slice(0, tapeEnd), words };
}
