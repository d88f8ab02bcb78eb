/** Bytes up to this many are better kept as a string: it goes to the socket in one piece with the headers. */
export const MAX_BYTE_TEXT = 16 * 1024;

/**
 * Bytes as a string with one character (U+0000 to U+00FF) for each. It is no text until it is decoded: UTF-8 in it stands
 * as the two to four characters that have the values of its bytes, so it must be written as `latin1`, never as it is.
 */
export class ByteText {
  readonly characters: string;

  constructor(characters: string) {
    this.characters = characters;
  }

  /** Bytes, not characters of the text that they may encode. */
  get length(): number {
    return this.characters.length;
  }

  toBuffer(): Buffer {
    return Buffer.from(this.characters, 'latin1');
  }

  /** The text that the bytes are in UTF-8. */
  toString(): string {
    return this.toBuffer().toString();
  }
}
