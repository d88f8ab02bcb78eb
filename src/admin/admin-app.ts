import { randomUUID } from 'node:crypto';
import Router from '@koa/router';
import Koa, { type Context, type Next } from 'koa';
import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Whether the gateway should get traffic. */
export interface Readiness {
  readonly isReady: () => boolean;
  /** What readiness is made of, by name; shown by `/readyz?verbose`. Default: none. */
  readonly checks?: () => Readonly<Record<string, boolean>>;
}

/**
 * The health endpoints. `GET /healthz`: 200 as long as the process can answer. `GET /readyz`: 200 while the gateway
 * should get traffic, else 503; `?verbose` adds the single checks.
 */
export function createAdminApp({ isReady, checks }: Readiness, logger: Logger): Koa {
  const router = new Router();
  router.get('/healthz', (context) => {
    context.body = { status: 'ok' };
  });
  router.get('/readyz', (context) => {
    const ready = isReady();
    const status = ready ? 'ready' : 'not ready';
    context.status = ready ? 200 : 503;
    context.body = 'verbose' in context.query ? { status, checks: checks?.() ?? {} } : { status };
  });

  const app = new Koa();
  app.use(answerSafely);
  app.use(router.routes());
  app.use(router.allowedMethods());
  app.on('error', (error: unknown) => logger.error('admin request failed', { err: error }));
  return app;

  async function answerSafely(context: Context, next: Next): Promise<void> {
    context.set('Cache-Control', 'no-store');
    context.set('X-Content-Type-Options', 'nosniff');
    try {
      await next();
    } catch (error) {
      logger.error('admin request failed', { err: error });
      answerProblem(context, 'INTERNAL');
      return;
    }
    if (context.status === 404 && context.body == null) answerProblem(context, 'ROUTE_NOT_FOUND');
    if (context.status === 405 || context.status === 501) answerProblem(context, 'METHOD_NOT_ALLOWED');
  }
}

function answerProblem(context: Context, code: ErrorCode): void {
  const { status, title, description } = ERROR_CODES[code];
  const requestId = randomUUID();
  context.status = status;
  context.body = JSON.stringify({
    type: `urn:sluice:error:${code}`,
    title,
    status,
    detail: description,
    code,
    requestId,
  });
  context.type = 'application/problem+json';
  context.set('X-Request-Id', requestId);
}
