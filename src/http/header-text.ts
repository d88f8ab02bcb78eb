const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of a header value as Node gives it, one character a byte. Bytes beyond ASCII are UTF-8 where they are valid
 * UTF-8, as browsers and command-line clients send them, else ISO 8859-1, as RFC 9110 has it for old ones.
 */
export function headerText(value: string): string {
  for (let index = 0; index < value.length; index++) {
    if (value.charCodeAt(index) > 0x7f) return decoded(value);
  }
  return value;
}

function decoded(value: string): string {
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}
