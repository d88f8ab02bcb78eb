import { randomUUID } from 'node:crypto';
import type { Context } from 'koa';
import { PROBLEM_CONTENT_TYPE, toProblem } from '../errors/problem.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Answers with Problem Details. What is a fault of the gateway itself is logged under the request id of the answer. */
export function answerProblem(context: Context, error: unknown, logger: Logger): void {
  const requestId = randomUUID();
  const { status, headers, body, isFault } = toProblem(error, requestId);
  context.status = status;
  context.set({ ...headers, 'X-Request-Id': requestId });
  context.body = body;
  context.type = PROBLEM_CONTENT_TYPE;
  if (isFault) logger.error('admin request failed', { requestId, err: error });
}
