import Koa from 'koa';
import { connectionOf } from './client-connection.ts';
import type { GatewayRoutes } from './gateway-routes.ts';
import { RequestRun, type RunEnvironment } from './request-run.ts';

export interface GatewayAppOptions extends RunEnvironment {
  /** The configuration in force; asked once for each request, which keeps it to its end. */
  readonly current: () => GatewayRoutes;
  /** Random numbers in [0, 1) for the age of connections; default `Math.random`. */
  readonly random?: () => number;
}

/**
 * The data plane as a Koa application with one middleware. `callback()` fits any Node server; what only a server can
 * enforce (header sizes, time-outs, a drain) is in `http-server.ts`.
 *
 * The middleware answers by itself (`ctx.respond = false`), headers and body in one write: Koa's own way of finding
 * type and length of a body would cost more than routing and logging together.
 */
export function createGatewayApp(options: GatewayAppOptions): Koa {
  const { current, logger, clock, random = Math.random } = options;
  const app = new Koa();
  app.use(function gateway(context) {
    context.respond = false;
    const { req, res } = context;
    const routes = current();
    const connection = connectionOf(req.socket, routes.connections, clock.nowMs(), random);
    // RFC 9112, section 9.6: after `Connection: close`, nothing more that comes on the connection is processed.
    if (connection.isClosing) return Promise.resolve();
    return new RequestRun(options, routes, req, res, connection).run();
  });
  // Koa reports sockets that break while an answer is sent. Without a listener it would print a stack for each.
  app.on('error', (error: unknown) => {
    logger.debug('answer not delivered', { reason: error instanceof Error ? error.message : String(error) });
  });
  return app;
}
