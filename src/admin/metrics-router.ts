import { Readable } from 'node:stream';
import Router from '@koa/router';
import { METRICS_CONTENT_TYPES, negotiateMetricsFormat } from '../telemetry/metrics/metrics-format.ts';
import type { AdminView } from './admin-view.ts';

/** `GET /metrics`: the text format of Prometheus, or OpenMetrics for a client that asks for it. */
export function metricsRouter(view: AdminView): Router {
  const router = new Router({ strict: true, sensitive: true });
  router.get('/metrics', (context) => {
    const format = negotiateMetricsFormat(context.get('Accept') || undefined);
    context.type = METRICS_CONTENT_TYPES[format];
    context.set('Vary', 'Accept');
    // A HEAD request needs no rendering.
    if (context.method === 'HEAD') context.status = 200;
    else context.body = Readable.from(view.metrics(format), { objectMode: false });
  });
  return router;
}
