import type { GatewayConfig } from '../config/schema.ts';
import { type Router, type RoutingEntry, routerSteps } from '../routing/router.ts';
import type { Steps } from '../time/run-in-slices.ts';
import type { RouteTarget } from '../upstream/exchange.ts';
import { RoutesUsage } from './routes-usage.ts';
import { createTrustedProxies, type TrustedProxies } from './trusted-proxies.ts';

type ServerConfig = GatewayConfig['server'];

/** All that the HTTP side takes from one configuration. A reload swaps the whole. */
export interface GatewayRoutes {
  readonly router: Router<RouteTarget>;
  /** The requests that these routes serve. */
  readonly usage: RoutesUsage;
  readonly limits: ServerConfig['limits'];
  readonly connections: ServerConfig['connections'];
  readonly compression: ServerConfig['compression'];
  readonly trustedProxies: TrustedProxies;
  /** Largest body in bytes that any route takes. */
  readonly largestBodyBytes: number;
  /** Whether each request is logged. */
  readonly logRequests: boolean;
}

/**
 * Builds them, one route at a step.
 *
 * @throws TypeError when `server.trustedProxies` has an entry that is no address or range
 */
export function* gatewayRoutesSteps(
  config: Pick<GatewayConfig, 'server' | 'log'>,
  entries: readonly RoutingEntry<RouteTarget>[],
): Steps<GatewayRoutes> {
  return {
    router: yield* routerSteps(entries),
    usage: new RoutesUsage(),
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
