import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors/gateway-error.ts';

/** The limits that are checked once the headers are there; see `server.limits` of the configuration. */
export interface RequestLimits {
  readonly maxHeaders: number;
  readonly maxHeaderBytes: number;
  readonly maxUrlBytes: number;
}

/** Bytes of a header line beside name and value: colon, space, carriage return, line feed. */
const HEADER_LINE_OVERHEAD = 4;

/** Host, optional port, IPv6 in brackets: no character that would end or change the authority of a URL. */
const HOST_TEXT = /^[\w.~%!$&'()*+;=:[\]-]*$/;
/** Space, controls and non-ASCII; number sign and backslash. */
const UNENCODED = /[^!-~]|[#\\]/;

/**
 * Refuses what Node lets through but two servers in a row could read differently (request smuggling) or what exceeds a
 * limit: several Host headers or none, a transfer coding other than `chunked`, one in HTTP/1.0 or beside a length,
 * targets that are not a path, too many headers.
 *
 * @throws GatewayError REQUEST_HTTP, REQUEST_TARGET, REQUEST_URI_TOO_LONG or REQUEST_HEADERS_TOO_LARGE
 */
export function checkRequest(request: IncomingMessage, limits: RequestLimits): void {
  checkHeaderSizes(request.rawHeaders, limits);
  checkFraming(request);
  checkTarget(request.url!, request.method!, limits.maxUrlBytes);
}

/** Whether a body follows the headers. */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  if (headers['transfer-encoding'] !== undefined) return true;
  const length = headers['content-length'];
  return length !== undefined && length !== '0';
}

function checkHeaderSizes(rawHeaders: readonly string[], limits: RequestLimits): void {
  if (rawHeaders.length > 2 * limits.maxHeaders) {
    throw new GatewayError('REQUEST_HEADERS_TOO_LARGE', `The request has more than ${limits.maxHeaders} headers.`);
  }
  let bytes = 0;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    bytes += name.length + rawHeaders[index + 1]!.length + HEADER_LINE_OVERHEAD;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (bytes > limits.maxHeaderBytes) {
    const detail = `The headers of the request have more than ${limits.maxHeaderBytes} bytes.`;
    throw new GatewayError('REQUEST_HEADERS_TOO_LARGE', detail);
  }
  if (hosts > 1) throw new GatewayError('REQUEST_TARGET', 'The request has several Host headers.');
}

function checkFraming({ headers, httpVersionMajor, httpVersionMinor }: IncomingMessage): void {
  const isHttp10 = httpVersionMajor === 1 && httpVersionMinor === 0;
  const { host } = headers;
  if (host !== undefined) {
    if (!HOST_TEXT.test(host)) throw new GatewayError('REQUEST_TARGET', 'The Host header is not a host name.');
  } else if (httpVersionMajor === 1 && !isHttp10) {
    throw new GatewayError('REQUEST_TARGET', 'The request has no Host header.');
  }
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return;
  if (isHttp10) throw new GatewayError('REQUEST_HTTP', 'HTTP/1.0 has no Transfer-Encoding.');
  if (headers['content-length'] !== undefined) {
    throw new GatewayError('REQUEST_HTTP', 'The request has both Content-Length and Transfer-Encoding.');
  }
  if (coding.toLowerCase() !== 'chunked') {
    throw new GatewayError('REQUEST_HTTP', 'The only Transfer-Encoding taken is chunked.');
  }
}

function checkTarget(target: string, method: string, maxUrlBytes: number): void {
  if (target.length > maxUrlBytes) {
    throw new GatewayError('REQUEST_URI_TOO_LONG', `The request target has more than ${maxUrlBytes} bytes.`);
  }
  if (target.charCodeAt(0) !== 0x2f && !(target === '*' && method === 'OPTIONS')) {
    throw new GatewayError('REQUEST_TARGET', 'The request target must be a path that starts with "/".');
  }
  if (UNENCODED.test(target)) {
    throw new GatewayError('REQUEST_TARGET', 'The request target has a character that must be percent-encoded.');
  }
}
