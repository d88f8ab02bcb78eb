import { randomUUID } from 'node:crypto';
import { ERROR_CODES } from '../errors/error-codes.ts';
import type { GatewayError } from '../errors/gateway-error.ts';
import { PROBLEM_CONTENT_TYPE, toProblem } from '../errors/problem.ts';

/** A whole HTTP/1.1 answer with Problem Details, after which the connection is closed; for what is no request. */
export function refusalText(error: GatewayError): string {
  const requestId = randomUUID();
  const { status, body } = toProblem(error, requestId);
  return [
    `HTTP/1.1 ${status} ${ERROR_CODES[error.code].title}`,
    `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
