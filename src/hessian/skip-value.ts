import type { HessianReader } from './hessian-reader.ts';
import * as Token from './token.ts';

/** Passes over the next value and checks it on the way. */
export function skipValue(reader: HessianReader): void {
  skipValueOf(reader, reader.next(), 0);
}

/**
 * Like `skipValue` for a value whose head was just read, inside so many containers.
 *
 * Without recursion: V8 drops the code of the functions that an exception leaves, so that answers which are too deep here
 * would slow down all others in which something is passed over.
 */
export function skipValueOf(reader: HessianReader, token: Token.Token, depth: number): void {
  if (!isContainer(token)) {
    skipPlain(reader, token);
    return;
  }
  const open: number[] = [];
  for (let next: Token.Token | undefined = token; next !== undefined; next = nextToSkip(reader, open)) {
    if (!isContainer(next)) {
      skipPlain(reader, next);
    } else {
      reader.checkDepth(depth + open.length);
      open.push(contentsOf(reader, next));
    }
  }
}

// What an open container still has, where values are passed over: so many values, or what has an end of its own.
const TO_END = -1;
const KEYS_TO_END = -2;
/** A key was read, so that its value has to come. */
const VALUE_OF_KEY = -3;

function contentsOf(reader: HessianReader, token: Token.Token): number {
  if (token === Token.MAP) return KEYS_TO_END;
  return token === Token.LIST ? reader.int : reader.classDefinition(reader.classIndex).fieldCount;
}

/** The head of the next value in what is open, or undefined when all is closed. */
function nextToSkip(reader: HessianReader, open: number[]): Token.Token | undefined {
  for (let inner = open.length - 1; inner >= 0; inner--) {
    const left = open[inner]!;
    if (left !== 0) {
      const token = reader.next();
      if (token !== Token.END || (left !== TO_END && left !== KEYS_TO_END)) {
        if (left > 0) open[inner] = left - 1;
        else if (left !== TO_END) open[inner] = left === KEYS_TO_END ? VALUE_OF_KEY : KEYS_TO_END;
        return token;
      }
    }
    open.pop();
  }
  return undefined;
}

function skipPlain(reader: HessianReader, token: Token.Token): void {
  if (token === Token.STRING) reader.skipString();
  else if (token === Token.BINARY) reader.skipBinary();
  else if (token === Token.END) throw reader.fault('invalid', 'expected a value', -1);
}

function isContainer(token: Token.Token): boolean {
  return token === Token.LIST || token === Token.MAP || token === Token.OBJECT;
}
