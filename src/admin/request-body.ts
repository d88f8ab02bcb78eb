import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors/gateway-error.ts';

/** What body an endpoint takes. */
export interface BodyRules {
  readonly maxBytes: number;
  /** Media types without parameters, lower case. */
  readonly mediaTypes: readonly string[];
}

/** UTF-8 is the only charset of JSON; other parameters say nothing that matters here. */
const CHARSET = /;\s*charset\s*=\s*"?(?<charset>[^";]*)/i;

/**
 * The body of a request, which must be of one of the media types; undefined where there is none. A form that a web page
 * posts without asking is none of them.
 *
 * @throws GatewayError REQUEST_MEDIA_TYPE or REQUEST_TOO_LARGE, and the rest of the body is not read then; CLIENT_CLOSED
 */
export async function readBody(
  request: IncomingMessage,
  { maxBytes, mediaTypes }: BodyRules,
): Promise<Buffer | undefined> {
  const { 'content-length': length, 'content-type': type, 'content-encoding': encoding } = request.headers;
  if (Number(length ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const isEmpty = length === undefined ? request.headers['transfer-encoding'] === undefined : Number(length) === 0;
  if (isEmpty && type === undefined) return undefined;
  checkMediaType(type, mediaTypes);
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw mediaType('The body must not be compressed.');
  const bytes = await readUpTo(maxBytes, request);
  return bytes.length === 0 ? undefined : bytes;
}

async function readUpTo(maxBytes: number, request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // To leave the loop must not close the connection: the refusal still has to be sent.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    throw new GatewayError('CLIENT_CLOSED', 'The client went away before the body was complete.', { cause: error });
  }
  return Buffer.concat(chunks, bytes);
}

function checkMediaType(type: string | undefined, mediaTypes: readonly string[]): void {
  const [found = ''] = (type ?? '').toLowerCase().split(';', 1);
  if (!mediaTypes.includes(found.trim())) throw mediaType(`The body must be of type ${mediaTypes.join(' or ')}.`);
  const charset = CHARSET.exec(type ?? '')?.groups?.charset ?? 'utf-8';
  if (!/^utf-?8 *$/i.test(charset)) throw mediaType('The body must be UTF-8.');
}

function mediaType(detail: string): GatewayError {
  return new GatewayError('REQUEST_MEDIA_TYPE', detail);
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('REQUEST_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`, {
    headers: { connection: 'close' },
  });
}
