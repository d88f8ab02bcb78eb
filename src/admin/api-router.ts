import Router from '@koa/router';
import type { Logger } from '../telemetry/logger.ts';
import type { AdminView } from './admin-view.ts';
import { bulkheadEndpoints } from './bulkhead-endpoints.ts';
import { configEndpoints } from './config-endpoints.ts';
import { documentEndpoints } from './document-endpoints.ts';
import { serveEndpoint } from './endpoint-handler.ts';
import { inventoryEndpoints } from './inventory-endpoints.ts';
import { methodEndpoints } from './method-endpoints.ts';

/** Where the admin API begins. */
export const ADMIN_PREFIX = '/admin/v1';

/** The admin API: everything under `/admin/v1`. */
export function apiRouter(view: AdminView, logger: Logger): Router {
  const endpoints = documentEndpoints(
    [
      ...bulkheadEndpoints(view),
      ...methodEndpoints(view, logger),
      ...inventoryEndpoints(view),
      ...configEndpoints(view, logger),
    ],
    ADMIN_PREFIX,
  );
  const router = new Router({ strict: true, sensitive: true });
  for (const endpoint of endpoints) {
    const path = ADMIN_PREFIX + endpoint.path;
    router.register(path, [endpoint.method], serveEndpoint(endpoint));
  }
  return router;
}
