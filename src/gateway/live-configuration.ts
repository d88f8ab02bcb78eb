import type { GatewayConfig } from '../config/schema.ts';
import type { HttpMetrics } from '../http/http-metrics.ts';
import type { HttpServer } from '../http/http-server.ts';
import type { Logger } from '../telemetry/logger.ts';
import { runInSlices } from '../time/run-in-slices.ts';
import { TaskQueue } from '../time/task-queue.ts';
import type { HedgeTimer } from '../upstream/hedge-timer.ts';
import type { RpcMetrics } from '../upstream/rpc-metrics.ts';
import { type ConfigChanges, configChangesSteps, isUnchanged } from './config-changes.ts';
import { forgetSeriesSteps } from './forget-series.ts';
import { buildGeneration, type Generation, generationSteps, type SharedParts } from './generation.ts';
import { type GenerationSource, Generations } from './generations.ts';
import type { LoadControl } from './load-control.ts';
import type { ProviderParts } from './open-providers.ts';
import type { ServedConfiguration } from './served-configuration.ts';

/** What lives longer than a configuration. */
export interface LiveParts extends ProviderParts {
  readonly load: LoadControl;
  readonly hedgeTimer: HedgeTimer;
  readonly logger: Logger;
  /** Undefined where nobody counts. */
  readonly httpMetrics: HttpMetrics | undefined;
  readonly rpcMetrics: RpcMetrics | undefined;
  /** Undefined before there is one. */
  server(): HttpServer | undefined;
}

/**
 * The configuration in force, and its replacement while requests are served: the next generation is built whole beside
 * the one that serves, in slices between which requests run; then one pointer is swapped. What fails changes nothing.
 */
export class LiveConfiguration implements ServedConfiguration {
  readonly generations: Generations;
  readonly #parts: LiveParts;
  /** Replacements, and what is to be done after one: one at a time. */
  readonly #queue = new TaskQueue();
  #isForgetting = false;
  #isClosed = false;

  /** Throws `ConfigError`. */
  constructor(config: GatewayConfig, parts: LiveParts) {
    this.#parts = parts;
    const first = buildGeneration(config, this.#shared());
    this.generations = new Generations(first, parts.clock, () => this.#forgetLater());
  }

  get current(): Generation {
    return this.generations.current;
  }

  get config(): GatewayConfig {
    return this.current.config;
  }

  /** What another configuration would change. */
  changes(config: GatewayConfig): Promise<ConfigChanges> {
    return runInSlices(configChangesSteps(this.current.config, config), this.#parts.clock);
  }

  /** Serves another configuration from now on. Rejects with `ConfigError`, and with an Error when the gateway is closed. */
  replace(config: GatewayConfig, source: GenerationSource): Promise<ConfigChanges> {
    return this.#queue.run(() => this.#replace(config, source));
  }

  close(): void {
    this.#isClosed = true;
    this.generations.close();
  }

  async #replace(config: GatewayConfig, source: GenerationSource): Promise<ConfigChanges> {
    const { client, clock, load, logger, server } = this.#parts;
    const changes = await this.changes(config);
    if (isUnchanged(changes)) return changes;
    load.prepare(config);
    const next = await runInSlices(generationSteps(config, this.#shared(), this.current), clock);
    if (this.#isClosed) {
      next.release();
      throw new Error('the gateway is stopping');
    }
    client.configure(config.defaults);
    server()?.configure(config.server.limits);
    logger.setLevel(config.log.level);
    this.generations.swap(next, source);
    load.configure(config);
    return changes;
  }

  #shared(): SharedParts {
    const { client, clock, registries, endpoints, hostNames, hedgeTimer, load, rpcMetrics } = this.#parts;
    return { client, clock, registries, endpoints, hostNames, hedgeTimer, bulkheads: load.bulkheads, rpcMetrics };
  }

  /**
   * After the replacement that is under way: its routes have series already, and are in no generation yet. No request
   * waits for it.
   */
  #forgetLater(): void {
    if (this.#isForgetting || this.#isClosed) return;
    this.#isForgetting = true;
    const { clock, httpMetrics, rpcMetrics } = this.#parts;
    void this.#queue.run(() => {
      this.#isForgetting = false;
      return runInSlices(forgetSeriesSteps(this.generations.live, httpMetrics, rpcMetrics), clock);
    });
  }
}
