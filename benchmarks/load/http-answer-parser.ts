/** One HTTP answer, as far as a load looks at it. */
export interface ParsedAnswer {
  readonly status: number;
  /** `code` of Problem Details; undefined for a success or another body. */
  readonly code: string | undefined;
  readonly hasRetryAfter: boolean;
  /** Length of the body. */
  readonly bodyBytes: number;
  /** Whether the server closes the connection behind it. */
  readonly closes: boolean;
}

/** Bytes that are no answer this parser knows. It knows bodies by `Content-Length` only. */
export class BadAnswerError extends Error {}

const HEAD_END = Buffer.from('\r\n\r\n');
const MAX_HEAD_BYTES = 64 * 1024;
/** Start of an error body in which its code is looked for. */
const MAX_CODE_BYTES = 4 * 1024;

/**
 * Cuts the bytes of one connection into answers, one at a time: who uses it sends the next request only after the answer
 * to the last one. Bodies are counted, not kept, but for the beginning of an error's, where its code is.
 */
export class HttpAnswerParser {
  /** Bytes of an answer whose head, or whose code, is not complete yet. */
  #kept: Buffer | undefined;
  #head: ParsedAnswer | undefined;
  #missingBodyBytes = 0;

  /**
   * Takes the next bytes; gives the answer that they complete, if they do. The bytes may be overwritten afterwards.
   *
   * @throws BadAnswerError
   */
  push(chunk: Buffer): ParsedAnswer | undefined {
    if (this.#head !== undefined && this.#head.status < 400) return this.#skip(chunk.length);
    const bytes = this.#kept === undefined ? chunk : Buffer.concat([this.#kept, chunk]);
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd === -1) {
      if (bytes.length > MAX_HEAD_BYTES) throw new BadAnswerError('the headers have no end');
      this.#kept = Buffer.from(bytes);
      return undefined;
    }
    const text = bytes.toString('latin1', 0, headEnd).toLowerCase();
    const head = readHead(text);
    const bodyStart = headEnd + HEAD_END.length;
    this.#missingBodyBytes = head.bodyBytes;
    this.#head = head;
    this.#kept = undefined;
    if (head.status < 400) return this.#skip(bytes.length - bodyStart);
    return this.#readCode(bytes, bodyStart);
  }

  #skip(byteCount: number): ParsedAnswer | undefined {
    this.#missingBodyBytes -= byteCount;
    if (this.#missingBodyBytes < 0) throw new BadAnswerError('there are bytes behind the answer');
    if (this.#missingBodyBytes > 0) return undefined;
    const answer = this.#head!;
    this.#head = undefined;
    return answer;
  }

  #readCode(bytes: Buffer, bodyStart: number): ParsedAnswer | undefined {
    if (bytes.length - bodyStart < this.#missingBodyBytes) {
      this.#kept = Buffer.from(bytes);
      return undefined;
    }
    const body = bytes.toString('latin1', bodyStart, bodyStart + Math.min(this.#missingBodyBytes, MAX_CODE_BYTES));
    const code = /"code":"([^"]*)"/.exec(body)?.[1];
    const answer = this.#skip(bytes.length - bodyStart)!;
    return { ...answer, code };
  }
}

function readHead(head: string): ParsedAnswer {
  const status = Number(head.slice('http/1.1 '.length, 'http/1.1 200'.length));
  if (!head.startsWith('http/1.1 ') || !(status >= 200 && status <= 599)) {
    throw new BadAnswerError(`an HTTP/1.1 answer cannot begin with "${head.slice(0, 40)}"`);
  }
  return {
    status,
    code: undefined,
    bodyBytes: bodyLength(head, status),
    hasRetryAfter: head.includes('\r\nretry-after: '),
    closes: head.includes('\r\nconnection: close'),
  };
}

function bodyLength(head: string, status: number): number {
  if (status === 204 || status === 304) return 0;
  const start = head.indexOf('\r\ncontent-length: ');
  const length = start === -1 ? Number.NaN : Number.parseInt(head.slice(start + '\r\ncontent-length: '.length), 10);
  if (Number.isNaN(length)) throw new BadAnswerError('an answer has no Content-Length');
  return length;
}
