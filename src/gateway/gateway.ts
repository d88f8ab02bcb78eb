import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AdminServer, createAdminServer } from '../admin/admin-server.ts';
import type { GatewayConfig } from '../config/schema.ts';
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
import { GatewayAdminView } from './gateway-admin-view.ts';
import { registerGatewayMetrics, stateChangeCounter } from './gateway-metrics.ts';
import { buildGeneration, type Generation } from './generation.ts';
import { LoadControl } from './load-control.ts';
import { registerPlanMetrics } from './plan-metrics.ts';
import { registerProviderMetrics } from './provider-metrics.ts';

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
}

export interface GatewayParts {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Verified claims of the caller, for `jwt.` sources; default: nobody is verified. */
  readonly claims?: ClaimsOf;
  /** Paths of values that came from variables (`LoadResult.secretPaths`); the admin API does not show them. Default none. */
  readonly secretPaths?: readonly string[];
}

/** Puts a gateway together from a checked configuration; opens nothing. Throws `ConfigError`. */
export function assembleGateway(config: GatewayConfig, parts: GatewayParts): Gateway {
  return new AssembledGateway(config, parts);
}

class AssembledGateway implements Gateway {
  readonly #config: GatewayConfig;
  readonly #logger: Logger;
  readonly #client: RpcClient;
  readonly #load: LoadControl;
  readonly #metrics: MetricRegistry;
  readonly #generation: Generation;
  readonly #listener: RequestListener;
  readonly #http: HttpServer;
  /** From the start on, since it measures all the time. */
  #runtimeMetrics: RuntimeMetrics | undefined;
  readonly #adminView: GatewayAdminView;
  readonly #admin: AdminServer;
  #phase: GatewayPhase = 'serving';
  #isListening = false;
  #stopped: Promise<void> | undefined;

  constructor(config: GatewayConfig, { logger, clock = systemClock, claims, secretPaths = [] }: GatewayParts) {
    const { connectTimeoutMs, heartbeatMs, maxFrameBytes } = config.defaults;
    this.#config = config;
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
    const { admission, bulkheads, slowReaders, heldRequests } = this.#load;
    const isCounting = config.server.admin.metrics;
    const rpcMetrics = isCounting ? new RpcMetrics(this.#metrics) : undefined;
    this.#generation = buildGeneration(config, { client: this.#client, clock, bulkheads, rpcMetrics });
    const compression = new AnswerCompression(zlibCodec, systemLoopMeter, clock);
    registerGatewayMetrics(this.#metrics, this.#load, logger);
    registerProviderMetrics(this.#metrics, this.#client, () => this.#generation.config);
    registerCompressionMetrics(this.#metrics, compression);
    registerPlanMetrics(this.#metrics, () => this.#generation.planStatistics());
    const app = createGatewayApp({
      current: () => this.#generation.routes,
      logger,
      clock,
      phase: () => this.#phase,
      admission,
      slowReaders,
      heldRequests,
      metrics: isCounting ? new HttpMetrics(this.#metrics) : undefined,
      compression,
      ...(claims && { claims }),
    });
    this.#listener = app.callback();
    const { http, admin, limits } = config.server;
    this.#http = createHttpServer({ ...http, limits, listener: this.#listener, logger });
    this.#adminView = new GatewayAdminView({
      clock,
      client: this.#client,
      load: this.#load,
      metrics: this.#metrics,
      secretPaths,
      current: () => this.#generation,
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
    this.#isListening = true;
    this.#runtimeMetrics ??= new RuntimeMetrics(this.#metrics, PRODUCT_VERSION);
    this.#logger.info('listening', {
      http: `${http.address}:${http.port}`,
      admin: `${admin.address}:${admin.port}`,
      routes: this.#config.routes.length,
      services: Object.keys(this.#config.services).length,
    });
    return { http, admin };
  }

  stop(): Promise<void> {
    if (this.#stopped === undefined) this.#stopped = this.#drain();
    else void this.#http.stop(0);
    return this.#stopped;
  }

  async #drain(): Promise<void> {
    this.#phase = 'draining';
    this.#logger.info('draining', { timeoutMs: this.#config.server.drainTimeoutMs });
    await this.#http.stop(this.#config.server.drainTimeoutMs);
    this.#phase = 'stopped';
    this.#generation.release();
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
