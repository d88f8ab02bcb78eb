import { isUtf8 } from 'node:buffer';
import { JsonSyntaxError } from './json-errors.ts';

/** The error of a text that is not UTF-8, at its first byte that is not. */
export function invalidUtf8(bytes: Buffer): JsonSyntaxError {
  return new JsonSyntaxError('the text is not valid UTF-8', invalidUtf8Offset(bytes));
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
