import type { RequestListener } from 'node:http';
import { checkConfig } from './config/check-config.ts';
import { ConfigError } from './config/config-error.ts';
import type { GatewayConfig, GatewayConfigInput } from './config/schema.ts';
import { type RouteSelection, selectRoutes } from './config/select-routes.ts';
import { type Gateway as AssembledGateway, assembleGateway, type GatewayAddresses } from './gateway/gateway.ts';
import { readConfigFiles } from './gateway/read-config-files.ts';
import type { ClaimsOf } from './http/request-run.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';

export type { Diagnostic } from './config/diagnostic.ts';
export type { ErrorCode } from './errors/error-codes.ts';
export { ERROR_CODES } from './errors/error-codes.ts';
export { GatewayError } from './errors/gateway-error.ts';
export type { ClaimsOf, GatewayAddresses, GatewayConfigInput, RequestListener };
export { ConfigError };

export interface GatewayOptions {
  /**
   * A file or directory as `sluice start --config` takes it; a change of it takes effect by itself. Or what the file would say, as an object; defaults may be left out.
   */
  readonly config: string | GatewayConfigInput;
  /** Whether files are read again when they change; default true. */
  readonly watch?: boolean;
  /** Tags: only routes with one of them are served. A tag that no route has is an error. Default: all routes. */
  readonly only?: readonly string[];
  /** Tags: routes with one of them are not served, whatever `only` says. A tag that no route has is an error. */
  readonly except?: readonly string[];
  /**
   * Verified claims of the caller, which `jwt.` sources read. Called for each request that has a route; verify before
   * you return anything. Default: nobody is verified, and a required `jwt.` source is a 401.
   */
  readonly claims?: ClaimsOf;
}

/** A gateway inside your own process. */
export interface Gateway {
  /** The data plane as a listener for any Node server; works without `start`. */
  callback(): RequestListener;
  /** Opens the configured ports. Rejects with the system's error when one cannot be taken; then none is open. */
  start(): Promise<GatewayAddresses>;
  /**
   * Serves another configuration from now on, without losing a call: the object given, or else what the files say now.
   * Rejects with `ConfigError` for one that is wrong, and nothing changes then.
   */
  reload(config?: GatewayConfigInput): Promise<void>;
  /**
   * Not ready at once, then drains within `server.drainTimeoutMs`, then stops; resolves when all is closed. A second call
   * does not wait for running requests.
   */
  stop(): Promise<void>;
}

/**
 * A gateway inside your own process: `callback()` serves requests of any Node HTTP server, `start()` opens the
 * configured ports, `stop()` drains and closes.
 *
 * @throws ConfigError with everything that is wrong with the configuration
 */
export function createGateway({ config, watch = true, only = [], except = [], claims }: GatewayOptions): Gateway {
  const selection = { only, except };
  return typeof config === 'string'
    ? gatewayOfFiles(config, watch, selection, claims)
    : gatewayOfObject(config, selection, claims);
}

function gatewayOfObject(input: GatewayConfigInput, selection: RouteSelection, claims: ClaimsOf | undefined): Gateway {
  const config = checked(input, selection);
  const gateway = assembleGateway(config, { logger: loggerOf(config), selection, ...(claims && { claims }) });
  const reloadFiles = () => Promise.reject(new Error('the configuration did not come from files; give another'));
  return embedded(gateway, selection, reloadFiles);
}

function gatewayOfFiles(
  path: string,
  watchFiles: boolean,
  selection: RouteSelection,
  claims: ClaimsOf | undefined,
): Gateway {
  const { config, diagnostics, ...read } = readConfigFiles(path, process.env, selection);
  if (config === undefined) throw new ConfigError(diagnostics);
  const logger = loggerOf(config);
  const files = { ...read, path };
  const gateway = assembleGateway(config, { logger, files, selection, watchFiles, ...(claims && { claims }) });
  return embedded(gateway, selection, async () => {
    const outcome = await gateway.reload('application');
    if (outcome.changes === undefined) throw new ConfigError(outcome.diagnostics);
  });
}

function embedded(gateway: AssembledGateway, selection: RouteSelection, reloadFiles: () => Promise<void>): Gateway {
  return {
    callback: () => gateway.callback(),
    start: () => gateway.start(),
    stop: () => gateway.stop(),
    reload: async (input) => {
      if (input === undefined) await reloadFiles();
      else await gateway.replace(checked(input, selection));
    },
  };
}

function checked(input: GatewayConfigInput, selection: RouteSelection): GatewayConfig {
  const { config, diagnostics } = checkConfig(input);
  if (config === undefined) throw new ConfigError(diagnostics);
  const selected = selectRoutes(config, [], selection);
  if (selected.config === undefined) throw new ConfigError(selected.diagnostics);
  return selected.config;
}

function loggerOf({ log, server }: GatewayConfig): Logger {
  const logger = createLogger({ level: log.level });
  if (server.workers !== 1) {
    logger.warn('server.workers has no effect inside another program, where the gateway is one process', {
      workers: server.workers,
    });
  }
  return logger;
}
