import type { AddressInfo } from 'node:net';
import { type AdminServer, createAdminServer } from '../admin/admin-server.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { RouteSelection } from '../config/select-routes.ts';
import { type ConfigFiles, ConfigFollower, type ReloadOutcome } from '../gateway/config-follower.ts';
import { ConfigurationView } from '../gateway/configuration-view.ts';
import type { GatewayAddresses } from '../gateway/gateway.ts';
import type { GenerationSource } from '../gateway/generations.ts';
import { registerReloadMetrics } from '../gateway/reload-metrics.ts';
import type { LineSink } from '../telemetry/log-sink.ts';
import type { Logger } from '../telemetry/logger.ts';
import { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import { RuntimeMetrics } from '../telemetry/metrics/runtime-metrics.ts';
import { PRODUCT_VERSION } from '../telemetry/product-version.ts';
import { type Clock, systemClock } from '../time/clock.ts';
import { GroupAdminView } from './group-admin-view.ts';
import { GroupConfiguration } from './group-configuration.ts';
import { GroupGenerations } from './group-generations.ts';
import { WorkerProcesses } from './worker-processes.ts';

export interface GatewayGroupParts {
  /** Number of workers. */
  readonly count: number;
  readonly logger: Logger;
  /** That of the logger; the lines of workers go there too. */
  readonly sink: LineSink;
  readonly clock?: Clock;
  /** The files that the configuration was read from, and which it follows. */
  readonly files: ConfigFiles;
  /** Which routes of those files are served; the configuration has no others already. */
  readonly selection?: RouteSelection;
  /** The variables that those files may use. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whether the files are read again when they change. */
  readonly watchFiles: boolean;
}

/**
 * A gateway of several processes, of which this one is the primary: it owns the admin port and the files, and workers
 * serve the requests. To be made once in a process.
 */
export class GatewayGroup {
  readonly #logger: Logger;
  readonly #workers: WorkerProcesses;
  readonly #configuration: GroupConfiguration;
  readonly #follower: ConfigFollower;
  /** Resolves when the files are watched. */
  readonly #watching: Promise<void> | undefined;
  readonly #metrics = new MetricRegistry();
  readonly #adminView: GroupAdminView;
  readonly #admin: AdminServer;
  #runtimeMetrics: RuntimeMetrics | undefined;
  #stopped: Promise<void> | undefined;

  /** Puts it together from a checked configuration; opens nothing. */
  constructor(config: GatewayConfig, parts: GatewayGroupParts) {
    const { count, logger, sink, clock = systemClock, files, selection, environment, watchFiles } = parts;
    this.#logger = logger;
    const generations = new GroupGenerations(config, clock);
    const onLines = (lines: Buffer): void => sink.writeLines(lines);
    const workers = new WorkerProcesses(generations.current, { count, logger, clock, onLines });
    this.#workers = workers;
    const live = new GroupConfiguration(generations, {
      clock,
      logger,
      count,
      replace: (next) => workers.replace(next),
    });
    this.#configuration = live;
    const follower = new ConfigFollower({ files, environment, selection, live, logger, clock });
    this.#follower = follower;
    if (watchFiles) this.#watching = follower.start();
    registerReloadMetrics(this.#metrics, () => live.generations, follower);
    this.#metrics.callback(
      'counter',
      { name: 'sluice_log_dropped_lines_total', help: 'Log lines lost because their reader was too slow.' },
      () => logger.droppedLines,
    );
    this.#adminView = new GroupAdminView({
      group: workers,
      configuration: new ConfigurationView({ live, follower, selection }),
      metrics: this.#metrics,
      clock,
      logger,
      isServing: () => this.#stopped === undefined,
    });
    this.#admin = createAdminServer(this.#adminView, { ...config.server.admin, logger });
  }

  /** Opens both ports and waits for all workers. Rejects with the system's error when a port cannot be taken. */
  async start(): Promise<GatewayAddresses> {
    const admin = await this.#admin.start();
    let http: AddressInfo;
    try {
      http = await this.#workers.start();
    } catch (error) {
      await this.#admin.stop();
      throw error;
    }
    await this.#watching;
    this.#runtimeMetrics ??= new RuntimeMetrics(this.#metrics, PRODUCT_VERSION);
    const { routes, services } = this.#configuration.config;
    this.#logger.info('listening', {
      http: `${http.address}:${http.port}`,
      admin: `${admin.address}:${admin.port}`,
      routes: routes.length,
      services: Object.keys(services).length,
      workers: this.#workers.workers.length,
    });
    return { http, admin };
  }

  /** Not ready at once; all workers drain within `server.drainTimeoutMs` and end. Resolves when all is closed. */
  stop(): Promise<void> {
    this.#stopped ??= this.#drain();
    return this.#stopped;
  }

  /** Ends all workers at once, since this process is about to end. */
  kill(): void {
    this.#workers.kill();
  }

  /** Reads the files of the configuration again; all workers serve what they say. */
  reload(source: GenerationSource): Promise<ReloadOutcome> {
    return this.#follower.reload(source);
  }

  async #drain(): Promise<void> {
    const { drainTimeoutMs } = this.#configuration.config.server;
    this.#logger.info('draining', { timeoutMs: drainTimeoutMs });
    this.#follower.close();
    this.#configuration.close();
    await this.#workers.stop();
    this.#adminView.close();
    this.#runtimeMetrics?.close();
    await this.#admin.stop();
    this.#logger.info('stopped');
  }
}
