import type { GatewayConfig } from '../config/schema.ts';
import { createRouter, type Router, type RoutingEntry } from '../routing/router.ts';
import type { RouteTarget } from '../upstream/exchange.ts';
import { createTrustedProxies, type TrustedProxies } from './trusted-proxies.ts';

type ServerConfig = GatewayConfig['server'];

/** All that the HTTP side takes from one configuration. A reload swaps the whole. */
export interface GatewayRoutes {
  readonly router: Router<RouteTarget>;
  readonly limits: ServerConfig['limits'];
  readonly connections: ServerConfig['connections'];
  readonly compression: ServerConfig['compression'];
  readonly trustedProxies: TrustedProxies;
  /** Largest body in bytes that any route takes. */
  readonly largestBodyBytes: number;
  /** Whether each request is logged. */
  readonly logRequests: boolean;
}

/** @throws TypeError when `server.trustedProxies` has an entry that is no address or range */
export function createGatewayRoutes(
  config: Pick<GatewayConfig, 'server' | 'log'>,
  entries: readonly RoutingEntry<RouteTarget>[],
): GatewayRoutes {
  return {
    router: createRouter(entries),
    limits: config.server.limits,
    connections: config.server.connections,
    compression: config.server.compression,
    largestBodyBytes: entries.reduce(
      (most, { target }) => Math.max(most, target.maxBodyBytes),
      config.server.limits.maxBodyBytes,
    ),
    trustedProxies: createTrustedProxies(config.server.trustedProxies),
    logRequests: config.log.requests,
  };
}
