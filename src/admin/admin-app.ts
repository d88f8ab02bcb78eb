import Router from '@koa/router';
import Koa, { type Context, type Next } from 'koa';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { AccessGuard } from './access-guard.ts';
import { AccessToken } from './access-token.ts';
import type { AdminView } from './admin-view.ts';
import { bulkheadEndpoints } from './bulkhead-endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import { serveEndpoint } from './endpoint-handler.ts';
import { methodEndpoints } from './method-endpoints.ts';
import { answerProblem } from './problem-answer.ts';

/** Settings of the admin API. */
export interface AdminAppOptions {
  /** The configured host of the listener. */
  readonly host: string;
  /** Empty: none is asked for. */
  readonly token: string;
  /** Names by which the port may be called, beside addresses, `localhost` and `host`. */
  readonly allowedHosts: readonly string[];
  readonly logger: Logger;
}

/** Where the admin API begins. */
export const ADMIN_PREFIX = '/admin/v1';

/** For health checks, which bring neither a token nor a name that means anything. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** Answers are for programs; a browser that shows one must run, load and frame nothing. */
const SAFE_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/**
 * The app behind the admin port: health for everybody, metrics and the admin API for those whom the guard lets pass.
 * Nothing here waits for the traffic of the gateway.
 */
export function createAdminApp(view: AdminView, options: AdminAppOptions): Koa {
  const { host, token, allowedHosts, logger } = options;
  const accessToken =
    token === '' ? undefined : new AccessToken(token, (wrong) => logger.warn('wrong admin token', { ...wrong }));
  const guard = new AccessGuard({ host, allowedHosts, token: accessToken });

  const app = new Koa();
  app.use(answerErrors);
  app.use(guardAccess);
  for (const router of [
    healthRouter(view),
    apiRouter([...bulkheadEndpoints(view), ...methodEndpoints(view, logger)]),
  ]) {
    app.use(router.routes());
    app.use(router.allowedMethods());
  }
  app.on('error', (error: unknown) => logger.error('admin request failed', { err: error }));
  return app;

  async function answerErrors(context: Context, next: Next): Promise<void> {
    context.set(SAFE_HEADERS);
    try {
      await next();
      if (context.status === 404 && context.body == null) throw notFound();
      if (context.status === 405 || context.status === 501) throw methodNotAllowed(context);
    } catch (error) {
      const requestId = answerProblem(context, error);
      if (!(error instanceof GatewayError)) logger.error('admin request failed', { requestId, err: error });
    }
  }

  function guardAccess(context: Context, next: Next): Promise<void> {
    if (!OPEN_PATHS.has(context.path)) {
      const client = context.req.socket.remoteAddress ?? '';
      guard.check({ target: context.req.url!, rawHeaders: context.req.rawHeaders, client }, view.clock.nowMs());
    }
    return next();
  }
}

function healthRouter(view: AdminView): Router {
  const router = new Router({ strict: true, sensitive: true });
  router.get('/healthz', (context) => {
    context.body = { status: 'ok' };
  });
  router.get('/readyz', (context) => {
    const ready = view.isReady();
    const status = ready ? 'ready' : 'not ready';
    context.status = ready ? 200 : 503;
    context.body = 'verbose' in context.query ? { status, checks: view.readinessChecks() } : { status };
  });
  return router;
}

function apiRouter(endpoints: readonly Endpoint[]): Router {
  const router = new Router({ prefix: ADMIN_PREFIX, strict: true, sensitive: true });
  for (const endpoint of endpoints) {
    const handler = serveEndpoint(endpoint);
    if (endpoint.method === 'GET') router.get(endpoint.path, handler);
    else router.post(endpoint.path, handler);
  }
  return router;
}

function notFound(): GatewayError {
  return new GatewayError('ROUTE_NOT_FOUND', `There is nothing at this path; the admin API is under ${ADMIN_PREFIX}.`);
}

function methodNotAllowed(context: Context): GatewayError {
  const allow = context.response.get('Allow');
  return new GatewayError('METHOD_NOT_ALLOWED', `This path takes ${allow || 'other methods'} only.`);
}
