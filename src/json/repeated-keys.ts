import { decodeJsonString, equalRanges } from './json-string.ts';
import {
  END,
  EXTRA,
  FLAG_DEAD,
  FLAG_ESCAPES,
  FLAG_NON_ASCII,
  INFO,
  NEXT,
  nextNode,
  RECORD,
  START,
} from './json-tape.ts';

/** Objects up to this size find repeated keys by comparing hashes; larger ones by a Map, which no caller can slow down. */
const SMALL_OBJECT = 24;

/** Marks the keys of an object that come again later in it as dead, and takes them off the number of its members. */
export function markRepeatedKeys(tape: Int32Array, bytes: Buffer, object: number): void {
  const end = tape[object + NEXT]!;
  if (tape[object + END]! > SMALL_OBJECT) {
    markByMap(tape, bytes, object, end);
    return;
  }
  let seenBits = 0;
  for (let key = object + RECORD; key < end; key = nextNode(tape, key + RECORD)) {
    if ((tape[key + INFO]! & FLAG_ESCAPES) !== 0) {
      markByMap(tape, bytes, object, end);
      return;
    }
    const bit = 1 << (tape[key + EXTRA]! >>> 27);
    if ((seenBits & bit) !== 0) markEarlier(tape, bytes, object, key);
    seenBits |= bit;
  }
}

/** Marks the live key before `key` that has the same bytes, if there is one. */
function markEarlier(tape: Int32Array, bytes: Buffer, object: number, key: number): void {
  const hash = tape[key + EXTRA]!;
  for (let other = object + RECORD; other < key; other = nextNode(tape, other + RECORD)) {
    if (tape[other + EXTRA] !== hash || (tape[other + INFO]! & FLAG_DEAD) !== 0) continue;
    if (equalRanges(bytes, tape[key + START]!, tape[key + END]!, tape[other + START]!, tape[other + END]!)) {
      kill(tape, object, other);
      return;
    }
  }
}

function markByMap(tape: Int32Array, bytes: Buffer, object: number, end: number): void {
  const keys = new Map<string, number>();
  for (let key = object + RECORD; key < end; key = nextNode(tape, key + RECORD)) {
    const info = tape[key + INFO]!;
    if ((info & FLAG_DEAD) !== 0) continue;
    const text = decodeJsonString(
      bytes,
      tape[key + START]!,
      tape[key + END]!,
      (info & FLAG_ESCAPES) !== 0,
      (info & FLAG_NON_ASCII) === 0,
    );
    const earlier = keys.get(text);
    if (earlier !== undefined) kill(tape, object, earlier);
    keys.set(text, key);
  }
}

function kill(tape: Int32Array, object: number, key: number): void {
  tape[key + INFO]! |= FLAG_DEAD;
  tape[object + END]!--;
}
