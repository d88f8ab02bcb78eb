/**
 * The characters of a JSON string from its bytes, without the quotes. The bytes were checked before: valid UTF-8, valid
 * escapes, no raw control character. Lone surrogates written as escapes stay lone surrogates.
 */
export function decodeJsonString(
  bytes: Buffer,
  start: number,
  end: number,
  hasEscapes: boolean,
  ascii: boolean,
): string {
  // V8's own parser undoes the escapes faster than anything written here, and exactly as RFC 8259 says.
  if (hasEscapes) return JSON.parse(bytes.toString('utf8', start - 1, end + 1)) as string;
  return bytes.toString(ascii ? 'latin1' : 'utf8', start, end);
}

/** Whether `bytes[start, end)` are exactly the characters of `text`. `text` must be ASCII to be found. */
export function equalsAscii(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  const { length } = text;
  if (end - start !== length) return false;
  for (let i = 0; i < length; i++) {
    if (bytes[start + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Whether two ranges of the same bytes are equal. */
export function equalRanges(
  bytes: Uint8Array,
  start: number,
  end: number,
  otherStart: number,
  otherEnd: number,
): boolean {
  if (end - start !== otherEnd - otherStart) return false;
  for (let i = start, j = otherStart; i < end; i++, j++) {
    if (bytes[i] !== bytes[j]) return false;
  }
  return true;
}
