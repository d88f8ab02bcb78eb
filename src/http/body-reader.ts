import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '../errors/gateway-error.ts';
import { isJsonContentType } from './content-type.ts';
import { hasBody } from './request-checks.ts';

/** How a body is read. */
export interface BodyRules {
  /** Bytes; more is REQUEST_TOO_LARGE. */
  readonly maxBodyBytes: number;
  /** Whether anybody wants the body; if not, it is read to its end and dropped, whatever its media type. */
  readonly isWanted: boolean;
}

/** What was read. */
export interface ReceivedBody {
  /** Undefined when there is none, it is empty, or it was dropped. */
  readonly bytes: Buffer | undefined;
  /** Bytes that came in. */
  readonly receivedBytes: number;
}

const NO_BODY: ReceivedBody = { bytes: undefined, receivedBytes: 0 };

const READ_BEFORE =
  'the body was read before the gateway got the request: put a body parser such as express.json() behind the gateway';

/** Requests whose client waits for `100 Continue`, which is sent when the checks have passed and never before. */
const awaitingContinue = new WeakSet<IncomingMessage>();

/** Notes that Node left it to us to answer `Expect: 100-continue` (the `checkContinue` event). */
export function markAwaitingContinue(request: IncomingMessage): void {
  awaitingContinue.add(request);
}

/** Whether the client still waits for `100 Continue` and so may not be sending its body. */
export function isAwaitingContinue(request: IncomingMessage): boolean {
  return awaitingContinue.has(request);
}

/**
 * Reads a request's body whole. Type, coding and declared length are checked before anything is read. The time is
 * bounded by the server's `requestTimeout`; memory by twice the limit, however small the pieces are that arrive.
 *
 * Rejects with GatewayError REQUEST_MEDIA_TYPE, REQUEST_TOO_LARGE, or CLIENT_CLOSED when the client goes away. After
 * the first two the rest of the body has not been read. Throws an Error where the application around the gateway has read
 * the body already: nothing of it would ever come.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  rules: BodyRules,
): ReceivedBody | Promise<ReceivedBody> {
  if (!hasBody(request)) return NO_BODY;
  if (request.readableDidRead) throw new Error(READ_BEFORE);
  const mediaTypeError = rules.isWanted ? checkMediaType(request) : undefined;
  const declaredLength = request.headers['content-length'];
  if (declaredLength !== undefined) {
    if (mediaTypeError !== undefined) throw mediaTypeError;
    if (Number(declaredLength) > rules.maxBodyBytes) throw tooLarge(rules.maxBodyBytes);
  }
  if (awaitingContinue.delete(request)) response.writeContinue();
  // A chunked body may turn out to be empty, and an empty body needs no type.
  const limitBytes = mediaTypeError === undefined ? rules.maxBodyBytes : 0;
  return collect(request, limitBytes, rules.isWanted, () => mediaTypeError ?? tooLarge(rules.maxBodyBytes));
}

function checkMediaType({ headers }: IncomingMessage): GatewayError | undefined {
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    return new GatewayError('REQUEST_MEDIA_TYPE', 'The body must come without Content-Encoding.', {
      headers: { 'accept-encoding': 'identity' },
    });
  }
  if (isJsonContentType(headers['content-type'])) return undefined;
  return new GatewayError('REQUEST_MEDIA_TYPE', 'The body must be JSON: Content-Type application/json in UTF-8.', {
    headers: { accept: 'application/json' },
  });
}

function tooLarge(maxBodyBytes: number): GatewayError {
  return new GatewayError('REQUEST_TOO_LARGE', `The body has more than ${maxBodyBytes} bytes.`);
}

function collect(
  request: IncomingMessage,
  limitBytes: number,
  isWanted: boolean,
  overLimit: () => GatewayError,
): Promise<ReceivedBody> {
  return new Promise((resolve, reject) => {
    const gathered = new GatheredBytes();
    let receivedBytes = 0;

    function onData(chunk: Buffer): void {
      receivedBytes += chunk.length;
      if (receivedBytes > limitBytes) {
        stop();
        request.pause();
        reject(overLimit());
      } else if (isWanted) {
        gathered.add(chunk, limitBytes);
      }
    }
    function onEnd(): void {
      stop();
      resolve({ bytes: gathered.length === 0 ? undefined : gathered.bytes(), receivedBytes });
    }
    function onClose(): void {
      stop();
      reject(new GatewayError('CLIENT_CLOSED', 'The client went away while it sent the body.'));
    }
    function stop(): void {
      request.removeListener('data', onData);
      request.removeListener('end', onEnd);
      request.removeListener('close', onClose);
    }

    request.on('data', onData);
    request.on('end', onEnd);
    request.on('close', onClose);
    // An aborted request emits `error` before `close`; without a listener that would end the process.
    request.on('error', ignore);
  });
}

/** Chunks in one buffer that grows by doubling: a body in a million chunks of one byte costs what one chunk costs. */
class GatheredBytes {
  length = 0;
  #buffer: Buffer | undefined;

  add(chunk: Buffer, limitBytes: number): void {
    if (this.#buffer === undefined) {
      // The usual body comes in one piece and is used as it is.
      this.#buffer = chunk;
    } else {
      this.#reserve(this.length + chunk.length, limitBytes);
      chunk.copy(this.#buffer, this.length);
    }
    this.length += chunk.length;
  }

  bytes(): Buffer {
    return this.#buffer!.subarray(0, this.length);
  }

  #reserve(neededBytes: number, limitBytes: number): void {
    const present = this.#buffer!;
    if (neededBytes <= present.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(2 * neededBytes, 4096), Math.max(limitBytes, neededBytes)));
    present.copy(grown, 0, 0, this.length);
    this.#buffer = grown;
  }
}

function ignore(): void {}
