import Koa, { type Context, type Next } from 'koa';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { AccessGuard } from './access-guard.ts';
import { AccessToken } from './access-token.ts';
import type { AdminView } from './admin-view.ts';
import { ADMIN_PREFIX, apiRouter } from './api-router.ts';
import { HEALTH_PATHS, healthRouter } from './health-router.ts';
import { metricsRouter } from './metrics-router.ts';
import { answerProblem } from './problem-details.ts';

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
  for (const router of [healthRouter(view), metricsRouter(view), apiRouter(view, logger)]) {
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
      answerProblem(context, error, logger);
    }
  }

  function guardAccess(context: Context, next: Next): Promise<void> {
    if (!HEALTH_PATHS.has(context.path)) {
      const client = context.req.socket.remoteAddress ?? '';
      guard.check({ target: context.req.url!, rawHeaders: context.req.rawHeaders, client }, view.clock.nowMs());
    }
    return next();
  }
}

function notFound(): GatewayError {
  return new GatewayError('ROUTE_NOT_FOUND', `There is nothing at this path; ${ADMIN_PREFIX} lists what there is.`);
}

function methodNotAllowed(context: Context): GatewayError {
  const allow = context.response.get('Allow');
  return new GatewayError('METHOD_NOT_ALLOWED', `This path takes ${allow || 'other methods'} only.`);
}
