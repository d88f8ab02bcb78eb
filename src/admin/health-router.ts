import Router from '@koa/router';
import type { AdminView, Readiness } from './admin-view.ts';

/** For health checks, which bring neither a token nor a Host that means anything. */
export const HEALTH_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/**
 * `GET /healthz`: 200 as long as the process can answer. `GET /readyz`: 200 while the gateway should get traffic, else
 * 503; `?verbose` adds the single checks, and the registries that have not told all lists of providers yet.
 */
export function healthRouter(view: AdminView): Router {
  const router = new Router({ strict: true, sensitive: true });
  router.get('/healthz', (context) => {
    context.body = { status: 'ok' };
  });
  router.get('/readyz', async (context) => {
    const readiness = await view.readiness();
    const status = readiness.ready ? 'ready' : 'not ready';
    context.status = readiness.ready ? 200 : 503;
    context.body = 'verbose' in context.query ? { status, ...details(readiness) } : { status };
  });
  return router;
}

function details({ checks, missingRegistries }: Readiness): object {
  return { checks, ...(missingRegistries.length > 0 && { missingRegistries }) };
}
