import { randomUUID } from 'node:crypto';
import type { Context } from 'koa';
import { ERROR_CODES } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** Problem Details (RFC 9457) as JSON text. */
export function problemText(error: GatewayError, requestId: string): string {
  return JSON.stringify({
    ...error.extensions,
    type: `urn:sluice:error:${error.code}`,
    title: ERROR_CODES[error.code].title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    requestId,
  });
}

/**
 * Answers with Problem Details. Of anything but a `GatewayError` the caller learns nothing but INTERNAL.
 *
 * @returns the request id that the answer names
 */
export function answerProblem(context: Context, error: unknown): string {
  const known = error instanceof GatewayError ? error : new GatewayError('INTERNAL', ERROR_CODES.INTERNAL.description);
  const requestId = randomUUID();
  context.status = known.status;
  context.set({ ...known.headers, 'X-Request-Id': requestId });
  context.body = problemText(known, requestId);
  context.type = PROBLEM_CONTENT_TYPE;
  return requestId;
}
