import { JsonSyntaxError } from './json-errors.ts';
import { equalsAscii } from './json-string.ts';
import { JsonKind } from './json-tape.ts';

// All of these read a text that ends with zero bytes (`scanned-text.ts`): a zero ends whatever is read.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;

/** Place of the first byte from `at` on that is no white space, or the end. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  for (let next = at; ; next++) {
    const byte = bytes[next]!;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return next;
  }
}

/** The closing quote of a string from a place inside it. Escapes and control characters are checked, UTF-8 is not. */
export function stringEnd(bytes: Uint8Array, inside: number, end: number): number {
  let at = inside;
  for (;;) {
    if (at === end) throw new JsonSyntaxError('unexpected end inside a string', end);
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at = escapeEnd(bytes, at);
    else if (byte < 0x20) throw new JsonSyntaxError('a control character in a string must be written as an escape', at);
    else at++;
  }
}

/** The end of a number that begins with a digit or minus. */
export function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  let at = digitsEnd(bytes, first, end);
  if (bytes[first] === ZERO && at > first + 1) throw syntaxErrorAt(first + 1, end, 'a number must not start with 0');
  if (bytes[at] === 0x2e) at = digitsEnd(bytes, at + 1, end);
  return (bytes[at]! | 0x20) === 0x65 ? exponentEnd(bytes, at, end) : at;
}

/** The end of a number from the `e` of its exponent on. */
export function exponentEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
  return digitsEnd(bytes, at, end);
}

/** The literal that begins at `at`. */
export function literalAt(bytes: Uint8Array, at: number): JsonKind | undefined {
  if (equalsAscii(bytes, at, at + 4, 'true')) return JsonKind.True;
  if (equalsAscii(bytes, at, at + 5, 'false')) return JsonKind.False;
  return equalsAscii(bytes, at, at + 4, 'null') ? JsonKind.Null : undefined;
}

/** An error at a byte, which may be the end of the text. */
export function syntaxErrorAt(at: number, end: number, message: string): JsonSyntaxError {
  return new JsonSyntaxError(at < end ? message : `${message}, got the end`, at);
}

/** The end of a run of digits, at least one. */
function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  if (!isDigitAt(bytes, start)) throw syntaxErrorAt(start, end, 'expected a digit');
  let at = start + 1;
  while (isDigitAt(bytes, at)) at++;
  return at;
}

export function isDigitAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at]! >= ZERO && bytes[at]! <= NINE;
}

/** Checks the escape at `at` and returns the place after it. */
export function escapeEnd(bytes: Uint8Array, at: number): number {
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
        if (!isHexDigit(bytes[i]!)) {
          throw new JsonSyntaxError('expected four hexadecimal digits after "\\u"', i);
        }
      }
      return at + 6;
    default:
      throw new JsonSyntaxError('unknown escape in a string', at);
  }
}

function isHexDigit(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
