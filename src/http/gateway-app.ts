import type { ServerResponse } from 'node:http';
import Koa from 'koa';
import type { Logger } from '../telemetry/logger.ts';
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
  const app = new DataPlane(logger);
  app.use(function gateway(context) {
    context.respond = false;
    const { req, res } = context;
    const routes = current();
    const connection = connectionOf(req.socket, routes.connections, clock.nowMs(), random);
    // RFC 9112, section 9.6: after `Connection: close`, nothing more that comes on the connection is processed.
    if (connection.isClosing) return Promise.resolve();
    return new RequestRun(options, routes, req, res, connection).run();
  });
  return app;
}

/**
 * Koa without its own end of a request: it would watch each answer with four listeners, to report what `RequestRun`
 * knows by itself, and then look at an answer that was given already.
 */
class DataPlane extends Koa {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    super();
    this.#logger = logger;
  }

  /** Overrides what Koa calls for each request; its types do not know it. */
  handleRequest(context: Koa.Context, middleware: (context: Koa.Context) => Promise<void>): Promise<void> {
    const { res } = context;
    res.on('error', ignore);
    return middleware(context).catch((error: unknown) => this.#fault(res, error));
  }

  #fault(response: ServerResponse, error: unknown): void {
    this.#logger.error('internal error', { err: error });
    response.destroy();
  }
}

/** An answer that cannot be delivered breaks its connection, which is told to the request that runs on it. */
function ignore(): void {}
