import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AdminServer, createAdminServer } from '../admin/admin-server.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { RouteSelection } from '../config/select-routes.ts';
import type { ClaimsOf } from '../http/request-run.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type Clock, systemClock } from '../time/clock.ts';
import type { ConfigChanges } from './config-changes.ts';
import { type ConfigFiles, ConfigFollower, type ReloadOutcome } from './config-follower.ts';
import { DataPlane } from './data-plane.ts';
import { GatewayAdminView } from './gateway-admin-view.ts';
import type { GenerationSource } from './generations.ts';
import { registerReloadMetrics } from './reload-metrics.ts';

/** Where a started gateway listens. */
export interface GatewayAddresses {
  readonly http: AddressInfo;
  readonly admin: AddressInfo;
}

/** A gateway in this process. */
export interface Gateway {
  /** The data plane as a listener for any Node server; works without `start`. */
  callback(): RequestListener;
  /** Opens both ports. Rejects with the system's error when one cannot be taken; then neither is open. */
  start(): Promise<GatewayAddresses>;
  /**
   * Not ready at once, then drains within `server.drainTimeoutMs`, then stops; resolves when all is closed. A second call
   * does not wait for running requests.
   */
  stop(): Promise<void>;
  /**
   * Reads the files of the configuration again and serves what they say; what is wrong with them changes nothing and is
   * in the outcome. Rejects with an Error where there are no files.
   */
  reload(source: GenerationSource): Promise<ReloadOutcome>;
  /** Serves another configuration from now on, without losing a call. Rejects with `ConfigError`. */
  replace(config: GatewayConfig): Promise<ConfigChanges>;
}

export interface GatewayParts {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Verified claims of the caller, for `jwt.` sources; default: nobody is verified. */
  readonly claims?: ClaimsOf;
  /** The files that the configuration was read from, and which it follows. Default: there are none. */
  readonly files?: ConfigFiles;
  /** Which routes are served of what the files say later; the configuration has no others already. Default: all. */
  readonly selection?: RouteSelection;
  /** The variables that those files may use; default: those of the process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Whether the files are read again when they change; default true. */
  readonly watchFiles?: boolean;
}

/** Puts a gateway together from a checked configuration; opens nothing. Throws `ConfigError`. */
export function assembleGateway(config: GatewayConfig, parts: GatewayParts): Gateway {
  return new AssembledGateway(config, parts);
}

class AssembledGateway implements Gateway {
  readonly #follower: ConfigFollower | undefined;
  /** Resolves when the files are watched. */
  readonly #watching: Promise<void> | undefined;
  readonly #logger: Logger;
  readonly #plane: DataPlane;
  readonly #adminView: GatewayAdminView;
  readonly #admin: AdminServer;
  #stopped: Promise<void> | undefined;

  constructor(config: GatewayConfig, parts: GatewayParts) {
    const { logger, clock = systemClock, claims, files, environment = process.env, watchFiles = true } = parts;
    const { selection } = parts;
    this.#logger = logger;
    const plane = new DataPlane(config, { logger, clock, claims });
    const { client, load, live, metrics, registries } = plane;
    this.#plane = plane;
    const follower = files && new ConfigFollower({ files, environment, selection, live, logger, clock });
    this.#follower = follower;
    if (watchFiles) this.#watching = follower?.start();
    registerReloadMetrics(metrics, () => live.generations, follower);
    this.#adminView = new GatewayAdminView({
      clock,
      client,
      load,
      metrics,
      live,
      registries,
      selection,
      follower,
      readinessChecks: () => plane.readinessChecks(),
    });
    this.#admin = createAdminServer(this.#adminView, { ...config.server.admin, logger });
  }

  callback(): RequestListener {
    return this.#plane.callback();
  }

  async start(): Promise<GatewayAddresses> {
    const admin = await this.#admin.start();
    let http: AddressInfo;
    try {
      http = await this.#plane.start();
    } catch (error) {
      await this.#admin.stop();
      throw error;
    }
    await this.#watching;
    const { routes, services } = this.#plane.live.current.config;
    this.#logger.info('listening', {
      http: `${http.address}:${http.port}`,
      admin: `${admin.address}:${admin.port}`,
      routes: routes.length,
      services: Object.keys(services).length,
    });
    return { http, admin };
  }

  stop(): Promise<void> {
    if (this.#stopped === undefined) this.#stopped = this.#drain();
    else this.#plane.cutOff();
    return this.#stopped;
  }

  async reload(source: GenerationSource): Promise<ReloadOutcome> {
    if (this.#follower === undefined) throw new Error('the configuration did not come from files');
    return this.#follower.reload(source);
  }

  replace(config: GatewayConfig): Promise<ConfigChanges> {
    return this.#plane.live.replace(config, 'application');
  }

  async #drain(): Promise<void> {
    this.#follower?.close();
    await this.#plane.stop();
    this.#adminView.close();
    await this.#admin.stop();
    this.#logger.info('stopped');
  }
}
