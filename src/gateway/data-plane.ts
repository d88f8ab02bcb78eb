import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EndpointTable } from '../balancing/endpoint-table.ts';
import type { MethodStanding } from '../bulkhead/method-standing.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { AnswerCompression } from '../http/answer-compression.ts';
import { registerCompressionMetrics } from '../http/compression-metrics.ts';
import { createGatewayApp } from '../http/gateway-app.ts';
import { HttpMetrics } from '../http/http-metrics.ts';
import { createHttpServer, type HttpServer } from '../http/http-server.ts';
import type { ClaimsOf, GatewayPhase } from '../http/request-run.ts';
import { zlibCodec } from '../http/zlib-codec.ts';
import type { LookupHost } from '../registry/dns-lookup.ts';
import type { RpcEvent } from '../rpc/client-context.ts';
import { RpcClient } from '../rpc/rpc-client.ts';
import type { Logger } from '../telemetry/logger.ts';
import { systemLoopMeter } from '../telemetry/loop-meter.ts';
import { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import { RuntimeMetrics } from '../telemetry/metrics/runtime-metrics.ts';
import { PRODUCT_VERSION } from '../telemetry/product-version.ts';
import type { Clock } from '../time/clock.ts';
import { HedgeTimer } from '../upstream/hedge-timer.ts';
import { RpcMetrics } from '../upstream/rpc-metrics.ts';
import { registerGatewayMetrics, stateChangeCounter } from './gateway-metrics.ts';
import { LiveConfiguration } from './live-configuration.ts';
import { LoadControl } from './load-control.ts';
import { registryOpener } from './open-registry.ts';
import { registerPlanMetrics } from './plan-metrics.ts';
import { registerProviderMetrics } from './provider-metrics.ts';
import { ProviderNames } from './provider-names.ts';
import { Registries } from './registries.ts';
import { registerRegistryMetrics } from './registry-metrics.ts';
import { registerDrainingMetric } from './reload-metrics.ts';

/** Connections under way at a time, above which none is begun before there are calls. */
const MAX_EARLY_DIALS = 16;

export interface DataPlaneParts {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Verified claims of the caller, for `jwt.` sources; default: nobody is verified. */
  readonly claims?: ClaimsOf | undefined;
  /** Looks host names of providers up; default: as the system does. */
  readonly lookup?: LookupHost;
  /** Hears of each change of a method's state or pin that was made here. */
  readonly onMethodStanding?: (standing: MethodStanding) => void;
}

/** What serves the requests of one process: all of a gateway but the admin port and the files of the configuration. */
export class DataPlane {
  readonly client: RpcClient;
  readonly load: LoadControl;
  readonly metrics = new MetricRegistry();
  readonly registries: Registries;
  readonly live: LiveConfiguration;
  readonly #logger: Logger;
  readonly #names: ProviderNames;
  readonly #hedgeTimer: HedgeTimer;
  readonly #listener: RequestListener;
  readonly #http: HttpServer;
  /** From the start on, since it measures all the time. */
  #runtimeMetrics: RuntimeMetrics | undefined;
  #phase: GatewayPhase = 'serving';
  #isListening = false;

  /** Throws `ConfigError`. */
  constructor(config: GatewayConfig, { logger, clock, claims, lookup, onMethodStanding }: DataPlaneParts) {
    const { connectTimeoutMs, heartbeatMs, maxFrameBytes, connections } = config.defaults;
    const { metrics } = this;
    this.#logger = logger;
    const names = new ProviderNames(clock, logger, lookup);
    this.#names = names;
    this.#hedgeTimer = new HedgeTimer(clock);
    this.client = new RpcClient({
      connectTimeoutMs,
      heartbeatMs,
      maxFrameBytes,
      connections,
      maxEarlyDials: MAX_EARLY_DIALS,
      clock,
      log: (event) => {
        logRpcEvent(event, logger);
        names.onRpcEvent(event);
      },
    });
    const load = new LoadControl(config, clock, logger, stateChangeCounter(metrics), onMethodStanding);
    this.load = load;
    const isCounting = config.server.admin.metrics;
    const rpcMetrics = isCounting ? new RpcMetrics(metrics) : undefined;
    const httpMetrics = isCounting ? new HttpMetrics(metrics) : undefined;
    this.registries = new Registries(registryOpener(this.client, logger, clock));
    const endpoints = new EndpointTable();
    const live = new LiveConfiguration(config, {
      client: this.client,
      clock,
      registries: this.registries,
      endpoints,
      hostNames: names.hostNames,
      hedgeTimer: this.#hedgeTimer,
      load,
      logger,
      httpMetrics,
      rpcMetrics,
      server: () => this.#http,
    });
    this.live = live;
    const compression = new AnswerCompression(zlibCodec, systemLoopMeter, clock);
    registerGatewayMetrics(metrics, load, logger);
    const { client } = this;
    registerProviderMetrics(metrics, { client, endpoints, hostNames: names.hostNames, current: () => live.current });
    registerRegistryMetrics(metrics, this.registries, () => live.current);
    registerCompressionMetrics(metrics, compression);
    registerDrainingMetric(metrics, () => live.generations);
    registerPlanMetrics(metrics, () => live.current.planStatistics());
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
    const { http, limits } = config.server;
    this.#http = createHttpServer({ ...http, limits, listener: this.#listener, logger });
  }

  /** As a listener for any Node server; works without `start`. */
  callback(): RequestListener {
    return this.#listener;
  }

  /** What readiness is made of, by name: requests are served while all of it is true. */
  readinessChecks(): Readonly<Record<string, boolean>> {
    return { listening: this.#isListening, serving: this.#phase === 'serving' };
  }

  /** Opens the port. Rejects with the system's error when it cannot be taken. */
  async start(): Promise<AddressInfo> {
    const address = await this.#http.start();
    this.#isListening = true;
    this.#runtimeMetrics ??= new RuntimeMetrics(this.metrics, PRODUCT_VERSION);
    return address;
  }

  /** Not ready at once, then drains within `server.drainTimeoutMs`, then stops; resolves when all is closed. */
  async stop(): Promise<void> {
    const { drainTimeoutMs } = this.live.current.config.server;
    this.#phase = 'draining';
    this.#logger.info('draining', { timeoutMs: drainTimeoutMs });
    await this.#http.stop(drainTimeoutMs);
    this.#phase = 'stopped';
    this.live.close();
    this.client.close();
    this.#names.close();
    this.#hedgeTimer.close();
    this.load.close();
    this.#runtimeMetrics?.close();
  }

  /** Ends a `stop` that is under way without waiting for running requests. */
  cutOff(): void {
    void this.#http.stop(0);
  }
}

function logRpcEvent({ type, provider, message, error }: RpcEvent, logger: Logger): void {
  if (type === 'callback-threw') logger.error('fault while an answer was handled', { provider, err: error });
  else logger.info(`provider ${type}`, { provider, reason: message });
}
