/** Text that is not JSON (RFC 8259). `message` is a plain sentence without the offset. */
export class JsonSyntaxError extends Error {
  /** Place of the fault in bytes from the start of the text, a byte order mark included. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
  }
}

/** JSON that nests objects and arrays deeper than allowed; reading stopped there. */
export class JsonDepthError extends Error {
  readonly maxDepth: number;
  /** Place in bytes of the bracket that went too deep. */
  readonly offset: number;

  constructor(maxDepth: number, offset: number) {
    super(`objects and arrays are nested deeper than ${maxDepth}`);
    this.name = 'JsonDepthError';
    this.maxDepth = maxDepth;
    this.offset = offset;
  }
}
