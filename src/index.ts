import type { RequestListener } from 'node:http';
import { checkConfig } from './config/check-config.ts';
import { ConfigError } from './config/config-error.ts';
import type { GatewayConfigInput } from './config/schema.ts';
import { assembleGateway, type Gateway, type GatewayAddresses } from './gateway/gateway.ts';
import type { ClaimsOf } from './http/request-run.ts';
import { createLogger } from './telemetry/logger.ts';

export type { Diagnostic } from './config/diagnostic.ts';
export type { ErrorCode } from './errors/error-codes.ts';
export { ERROR_CODES } from './errors/error-codes.ts';
export { GatewayError } from './errors/gateway-error.ts';
export type { ClaimsOf, Gateway, GatewayAddresses, GatewayConfigInput, RequestListener };
export { ConfigError };

/** What only an embedding application can give. */
export interface GatewayOptions {
  /**
   * Verified claims of the caller, which `jwt.` sources read. Called for each request that has a route; verify before
   * you return anything. Default: nobody is verified, and a required `jwt.` source is a 401.
   */
  readonly claims?: ClaimsOf;
}

/**
 * A gateway inside your own process: `callback()` serves requests of any Node HTTP server, `start()` opens the
 * configured ports, `stop()` drains and closes.
 *
 * @param config what the YAML file would say, as an object; defaults may be left out
 * @throws ConfigError with everything that is wrong with the configuration
 */
export function createGateway(config: GatewayConfigInput, options: GatewayOptions = {}): Gateway {
  const { config: checked, diagnostics } = checkConfig(config);
  if (checked === undefined) throw new ConfigError(diagnostics);
  return assembleGateway(checked, { logger: createLogger({ level: checked.log.level }), ...options });
}
