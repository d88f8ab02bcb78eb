import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AdminServer, createAdminServer } from '../admin/admin-server.ts';
import { EndpointTable } from '../balancing/endpoint-table.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { RouteSelection } from '../config/select-routes.ts';
import { AnswerCompression } from '../http/answer-compression.ts';
import { registerCompressionMetrics } from '../http/compression-metrics.ts';
import { createGatewayApp } from '../http/gateway-app.ts';
import { HttpMetrics } from '../http/http-metrics.ts';
import { createHttpServer, type HttpServer } from '../http/http-server.ts';
import type { ClaimsOf, GatewayPhase } from '../http/request-run.ts';
import { zlibCodec } from '../http/zlib-codec.ts';
import type { RpcEvent } from '../rpc/client-context.ts';
import { RpcClient } from '../rpc/rpc-client.ts';
import type { Logger } from '../telemetry/logger.ts';
import { systemLoopMeter } from '../telemetry/loop-meter.ts';
import { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import { RuntimeMetrics } from '../telemetry/metrics/runtime-metrics.ts';
import { PRODUCT_VERSION } from '../telemetry/product-version.ts';
import { type Clock, systemClock } from '../time/clock.ts';
import { RpcMetrics } from '../upstream/rpc-metrics.ts';
import type { ConfigChanges } from './config-changes.ts';
import { type ConfigFiles, ConfigFollower, type ReloadOutcome } from './config-follower.ts';
import { GatewayAdminView } from './gateway-admin-view.ts';
import { registerGatewayMetrics, stateChangeCounter } from './gateway-metrics.ts';
import type { GenerationSource } from './generations.ts';
import { LiveConfiguration } from './live-configuration.ts';
import { LoadControl } from './load-control.ts';
import { registryOpener } from './open-registry.ts';
import { registerPlanMetrics } from './plan-metrics.ts';
import { registerProviderMetrics } from './provider-metrics.ts';
import { Registries } from './registries.ts';
import { registerRegistryMetrics } from './registry-metrics.ts';
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
  readonly #client: RpcClient;
  readonly #load: LoadControl;
  readonly #metrics: MetricRegistry;
  readonly #live: LiveConfiguration;
  readonly #listener: RequestListener;
  readonly #http: HttpServer;
  /** From the start on, since it measures all the time. */
  #runtimeMetrics: RuntimeMetrics | undefined;
  readonly #adminView: GatewayAdminView;
  readonly #admin: AdminServer;
  #phase: GatewayPhase = 'serving';
  #isListening = false;
  #stopped: Promise<void> | undefined;

  constructor(config: GatewayConfig, parts: GatewayParts) {
    const { logger, clock = systemClock, claims, files, environment = process.env, watchFiles = true } = parts;
    const { selection } = parts;
    const { connectTimeoutMs, heartbeatMs, maxFrameBytes } = config.defaults;
    this.#logger = logger;
    this.#client = new RpcClient({
      connectTimeoutMs,
      heartbeatMs,
      maxFrameBytes,
      clock,
      log: (event) => logRpcEvent(event, logger),
    });
    this.#metrics = new MetricRegistry();
    this.#load = new LoadControl(config, clock, logger, stateChangeCounter(this.#metrics));
    const load = this.#load;
    const isCounting = config.server.admin.metrics;
    const rpcMetrics = isCounting ? new RpcMetrics(this.#metrics) : undefined;
    const httpMetrics = isCounting ? new HttpMetrics(this.#metrics) : undefined;
    const registries = new Registries(registryOpener(this.#client, logger, clock));
    const endpoints = new EndpointTable();
    const live = new LiveConfiguration(config, {
      client: this.#client,
      clock,
      registries,
      endpoints,
      load,
      logger,
      httpMetrics,
      rpcMetrics,
      server: () => this.#http,
    });
    this.#live = live;
    const compression = new AnswerCompression(zlibCodec, systemLoopMeter, clock);
    registerGatewayMetrics(this.#metrics, load, logger);
    registerProviderMetrics(this.#metrics, { client: this.#client, endpoints, current: () => live.current });
    registerRegistryMetrics(this.#metrics, registries, () => live.current);
    registerCompressionMetrics(this.#metrics, compression);
    registerPlanMetrics(this.#metrics, () => live.current.planStatistics());
    const follower = files && new ConfigFollower({ files, environment, selection, live, logger, clock });
    this.#follower = follower;
    if (watchFiles) this.#watching = follower?.start();
    registerReloadMetrics(this.#metrics, live.generations, follower);
    const app = createGatewayApp({
      current: () => live.current.routes,
      logger,
      clock,
      phase: () => this.#phase,
      get admission() {
        return load.admission;
      },
      slowReaders: load.slowReaders,
      heldRequests: load.heldRequests,
      metrics: httpMetrics,
      compression,
      ...(claims && { claims }),
    });
    this.#listener = app.callback();
    const { http, admin, limits } = config.server;
    this.#http = createHttpServer({ ...http, limits, listener: this.#listener, logger });
    this.#adminView = new GatewayAdminView({
      clock,
      client: this.#client,
      load,
      metrics: this.#metrics,
      live,
      registries,
      selection,
      follower,
      readinessChecks: () => ({ listening: this.#isListening, serving: this.#phase === 'serving' }),
    });
    this.#admin = createAdminServer(this.#adminView, { ...admin, logger });
  }

  callback(): RequestListener {
    return this.#listener;
  }

  async start(): Promise<GatewayAddresses> {
    const admin = await this.#admin.start();
    let http: AddressInfo;
    try {
      http = await this.#http.start();
    } catch (error) {
      await this.#admin.stop();
      throw error;
    }
    await this.#watching;
    this.#isListening = true;
    this.#runtimeMetrics ??= new RuntimeMetrics(this.#metrics, PRODUCT_VERSION);
    const { routes, services } = this.#live.current.config;
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
    else void this.#http.stop(0);
    return this.#stopped;
  }

  async reload(source: GenerationSource): Promise<ReloadOutcome> {
    if (this.#follower === undefined) throw new Error('the configuration did not come from files');
    return this.#follower.reload(source);
  }

  replace(config: GatewayConfig): Promise<ConfigChanges> {
    return this.#live.replace(config, 'application');
  }

  async #drain(): Promise<void> {
    const { drainTimeoutMs } = this.#live.current.config.server;
    this.#phase = 'draining';
    this.#logger.info('draining', { timeoutMs: drainTimeoutMs });
    this.#follower?.close();
    await this.#http.stop(drainTimeoutMs);
    this.#phase = 'stopped';
    this.#live.close();
    this.#client.close();
    this.#load.close();
    this.#adminView.close();
    this.#runtimeMetrics?.close();
    await this.#admin.stop();
    this.#logger.info('stopped');
  }
}

function logRpcEvent({ type, provider, message, error }: RpcEvent, logger: Logger): void {
  if (type === 'callback-threw') logger.error('fault while an answer was handled', { provider, err: error });
  else logger.info(`provider ${type}`, { provider, reason: message });
}
