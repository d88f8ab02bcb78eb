import { JsonSyntaxError } from './json-errors.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;

/** Place of the first byte from `at` on that is no white space, or the end. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let next = at;
  while (next < bytes.length) {
    const byte = bytes[next]!;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    next++;
  }
  return next;
}

/** The closing quote of a string from a place inside it. Escapes and control characters are checked, UTF-8 is not. */
export function stringEnd(bytes: Uint8Array, inside: number): number {
  let at = inside;
  for (;;) {
    if (at >= bytes.length) throw new JsonSyntaxError('unexpected end inside a string', bytes.length);
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at = escapeEnd(bytes, at);
    else if (byte < 0x20) throw new JsonSyntaxError('a control character in a string must be written as an escape', at);
    else at++;
  }
}

/** The end of a number's whole part, which starts behind its sign. */
export function wholeEnd(bytes: Uint8Array, start: number): number {
  const at = digitsEnd(bytes, start);
  if (bytes[start] === ZERO && at > start + 1) {
    throw syntaxErrorAt(bytes, start + 1, 'a number must not start with 0');
  }
  return at;
}

/** The end of a run of digits, at least one. */
function digitsEnd(bytes: Uint8Array, start: number): number {
  if (!isDigitAt(bytes, start)) throw syntaxErrorAt(bytes, start, 'expected a digit');
  let at = start + 1;
  while (isDigitAt(bytes, at)) at++;
  return at;
}

/** The end of a number from the place after its whole part. */
export function fractionEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  if (at < bytes.length && bytes[at] === 0x2e) at = digitsEnd(bytes, at + 1);
  if (at < bytes.length && (bytes[at]! | 0x20) === 0x65) {
    at++;
    if (at < bytes.length && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
    at = digitsEnd(bytes, at);
  }
  return at;
}

/** Whether `true` begins at `at`. */
export function isTrueAt(bytes: Uint8Array, at: number): boolean {
  return (
    at + 4 <= bytes.length &&
    bytes[at] === 0x74 &&
    bytes[at + 1] === 0x72 &&
    bytes[at + 2] === 0x75 &&
    bytes[at + 3] === 0x65
  );
}

/** Whether `false` begins at `at`. */
export function isFalseAt(bytes: Uint8Array, at: number): boolean {
  return (
    at + 5 <= bytes.length &&
    bytes[at] === 0x66 &&
    bytes[at + 1] === 0x61 &&
    bytes[at + 2] === 0x6c &&
    bytes[at + 3] === 0x73 &&
    bytes[at + 4] === 0x65
  );
}

/** Whether `null` begins at `at`. */
export function isNullAt(bytes: Uint8Array, at: number): boolean {
  return (
    at + 4 <= bytes.length &&
    bytes[at] === 0x6e &&
    bytes[at + 1] === 0x75 &&
    bytes[at + 2] === 0x6c &&
    bytes[at + 3] === 0x6c
  );
}

/** An error at a byte, which may be the end of the text. */
export function syntaxErrorAt(bytes: Uint8Array, at: number, message: string): JsonSyntaxError {
  return new JsonSyntaxError(at < bytes.length ? message : `${message}, got the end`, at);
}

function isDigitAt(bytes: Uint8Array, at: number): boolean {
  return at < bytes.length && bytes[at]! >= ZERO && bytes[at]! <= NINE;
}

/** Checks the escape at `at` and returns the place after it. */
function escapeEnd(bytes: Uint8Array, at: number): number {
  switch (at + 1 < bytes.length ? bytes[at + 1] : 0) {
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
        if (!isHexDigit(i < bytes.length ? bytes[i]! : 0)) {
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
