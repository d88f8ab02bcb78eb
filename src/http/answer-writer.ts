import type { IncomingMessage, ServerResponse } from 'node:http';
import { ByteText, MAX_BYTE_TEXT } from '../bytes/byte-text.ts';
import { isAwaitingContinue } from './body-reader.ts';

/** Longest time in ms that the rest of an unwanted body is read and dropped after the answer. */
const LINGER_MS = 2_000;
/** Silence in ms after which the client is taken to have stopped sending. */
const LINGER_SILENCE_MS = 250;

/** An answer, complete. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn, without what the writer adds: Content-Length and Connection. */
  readonly headers: string[];
  /** A string is text, to be sent in UTF-8. Undefined for a status that has none (204). */
  readonly body: Buffer | ByteText | string | undefined;
  /** Length of `body` in bytes; undefined leaves Content-Length out, which only an answer to HEAD may do. */
  readonly bodyBytes: number | undefined;
}

/** How the connection goes on. */
export interface AfterAnswer {
  /** Whether the answer says `Connection: close`. */
  readonly closes: boolean;
  /** Whether the client may still be sending a body that nobody reads. */
  readonly hasUnreadBody: boolean;
  /** Time in ms that a client may take none of the answer's bytes before it is cut off. */
  readonly stallTimeoutMs: number;
}

/**
 * Writes a whole answer. A HEAD request gets the headers that its GET would have.
 *
 * A client that is still sending its body reads the answer only afterwards, and closing at once could reset the
 * connection before it does: so the answer is sent, what comes in is dropped until the client falls silent, for at most
 * two seconds, and then the connection is closed.
 *
 * @throws TypeError when a header cannot be written; nothing has been sent then
 */
export function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body, bodyBytes }: Answer,
  { closes, hasUnreadBody, stallTimeoutMs }: AfterAnswer,
): void {
  if (bodyBytes !== undefined && (body !== undefined || status !== 204)) {
    headers.push('Content-Length', String(bodyBytes));
  }
  if (closes) headers.push('Connection', 'close');
  response.writeHead(status, headers);
  const sentBody = request.method === 'HEAD' ? undefined : body;
  if (closes && hasUnreadBody && !isAwaitingContinue(request)) {
    if (sentBody === undefined) response.flushHeaders();
    else if (sentBody instanceof ByteText) response.write(sentBody.characters, 'latin1');
    else response.write(sentBody);
    linger(request, response);
  } else {
    endWith(response, sentBody);
  }
  // What the system did not take at once waits for the client; Node resets this timer when all is sent.
  const { socket } = response;
  if (socket !== null && socket.writableLength > 0) socket.setTimeout(stallTimeoutMs);
}

/**
 * A small body goes out in one piece with the headers, as Node does with text only: each byte as one character. It is
 * written before the end is: the end would come with an empty piece of its own, and two pieces take a dearer system call.
 */
function endWith(response: ServerResponse, body: Answer['body']): void {
  if (typeof body !== 'object' || (body.length > MAX_BYTE_TEXT && !(body instanceof ByteText))) {
    response.end(body);
    return;
  }
  response.write(body instanceof ByteText ? body.characters : body.toString('latin1'), 'latin1');
  response.socket?.uncork();
  response.end();
}

function linger(request: IncomingMessage, response: ServerResponse): void {
  const total = setTimeout(finish, LINGER_MS);
  const silence = setTimeout(finish, LINGER_SILENCE_MS);
  function onData(): void {
    silence.refresh();
  }
  function finish(): void {
    clearTimeout(total);
    clearTimeout(silence);
    request.removeListener('data', onData);
    request.removeListener('end', finish);
    request.removeListener('close', finish);
    response.end();
  }
  request.on('data', onData);
  request.on('end', finish);
  request.on('close', finish);
  request.on('error', finish);
  request.resume();
}

const NOT_PLAIN = /[^\t -~]/;

/**
 * A value from a provider as a header value: UTF-8 where it is not plain, and a space for each control character, so
 * that no value can begin another header.
 */
export function headerValue(text: string): string {
  if (!NOT_PLAIN.test(text)) return text;
  const bytes = Buffer.from(text, 'utf8');
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]!;
    if ((byte < 0x20 && byte !== 0x09) || byte === 0x7f) bytes[index] = 0x20;
  }
  return bytes.toString('latin1');
}
