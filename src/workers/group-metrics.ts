import type { GatewayConfig } from '../config/schema.ts';
import type { Logger } from '../telemetry/logger.ts';
import { EndedTotals } from '../telemetry/metrics/ended-totals.ts';
import { type MetricSource, mergedMetrics } from '../telemetry/metrics/merged-metrics.ts';
import type { MetricPart } from '../telemetry/metrics/metric-page.ts';
import { metricPages } from '../telemetry/metrics/metric-pages.ts';
import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { MetricsFormat } from '../telemetry/metrics/metrics-format.ts';
import { renderMetrics } from '../telemetry/metrics/render-metrics.ts';
import type { Clock } from '../time/clock.ts';
import { runInSlices } from '../time/run-in-slices.ts';
import { knownSeries } from './known-series.ts';
import { canAnswer, type WorkerGroup, type WorkerInfo } from './worker-group.ts';

export interface GroupMetricsParts {
  readonly group: WorkerGroup;
  /** The metrics of the primary itself. */
  readonly own: MetricRegistry;
  readonly logger: Logger;
  readonly clock: Clock;
  /** The configuration that is served. */
  config(): GatewayConfig;
}

/** What was last read of a worker. */
interface WorkerReading {
  /** Says whether it is still the same process. */
  readonly identity: string;
  readonly parts: readonly MetricPart[];
}

/** Longest wait in ms for a page. */
const PAGE_LIMIT_MS = 2_000;
/** What the label `worker` of the primary is. */
const PRIMARY = 'primary';

/**
 * The metrics of a group: workers are read page by page, and put together. What a worker has counted stays in the sums when
 * it dies, as it was when it was last read; likewise while it does not answer. Several renderings at a time share one reading.
 */
export class GroupMetrics {
  readonly #parts: GroupMetricsParts;
  readonly #readings = new Map<number, WorkerReading>();
  readonly #ended = new EndedTotals();
  #lastReading = 0;
  #running: Promise<readonly MetricSource[]> | undefined;
  /** Workers that did not answer at the last reading. */
  #stale = 0;
  #prunedFor: GatewayConfig | undefined;

  constructor(parts: GroupMetricsParts) {
    this.#parts = parts;
    registerWorkerMetrics(parts.own, parts.group, () => this.#stale);
  }

  /** All metrics as text, in slices. */
  async *render(format: MetricsFormat): AsyncGenerator<Buffer, void, undefined> {
    this.#running ??= this.#read().finally(() => {
      this.#running = undefined;
    });
    const sources = await this.#running;
    yield* renderMetrics(mergedMetrics(sources), format);
  }

  async #read(): Promise<readonly MetricSource[]> {
    const { group, own } = this.#parts;
    const { workers } = group;
    for (const worker of workers) await this.#letGoOfEnded(worker);
    await this.#prune();
    const answered = await Promise.all(workers.map((worker) => this.#readWorker(worker)));
    this.#stale = answered.filter((isAnswered) => !isAnswered).length;
    const ownParts: MetricPart[] = [];
    for await (const { parts } of metricPages(own)) ownParts.push(...parts);
    const readings = [...this.#readings].sort(([one], [other]) => one - other);
    return [
      ...readings.map(([worker, { parts }]) => ({ worker: `${worker}`, parts })),
      { worker: PRIMARY, parts: this.#ended.parts },
      { worker: PRIMARY, parts: ownParts },
    ];
  }

  /** Keeps what is left of a worker whose process is another one now, or none. */
  async #letGoOfEnded(info: WorkerInfo): Promise<void> {
    const reading = this.#readings.get(info.worker);
    if (reading === undefined || reading.identity === identityOf(info)) return;
    await runInSlices(this.#ended.add(reading.parts), this.#parts.clock);
    this.#readings.delete(info.worker);
  }

  /** Says whether the worker answered, as far as it could be asked. */
  async #readWorker(info: WorkerInfo): Promise<boolean> {
    if (!canAnswer(info)) return true;
    const { group, logger } = this.#parts;
    const { worker } = info;
    const identity = identityOf(info);
    try {
      const parts = await this.#pagesOf(worker);
      // Where another process has taken its place meanwhile, these may be the values of either.
      const now = group.workers.find((one) => one.worker === worker);
      if (now !== undefined && identityOf(now) === identity) this.#readings.set(worker, { identity, parts });
      return true;
    } catch (error) {
      logger.warn('the metrics of a worker are those of an earlier reading', { worker, err: error });
      return false;
    }
  }

  async #pagesOf(worker: number): Promise<MetricPart[]> {
    const reading = ++this.#lastReading;
    const parts: MetricPart[] = [];
    for (let page = 0; ; page++) {
      const answer = await this.#parts.group.ask(worker, 'metrics', { reading, page }, PAGE_LIMIT_MS);
      parts.push(...answer.parts);
      if (answer.isLast) return parts;
    }
  }

  /** Forgets what workers that died have counted of routes and services that are not configured any more. */
  async #prune(): Promise<void> {
    const config = this.#parts.config();
    if (this.#prunedFor === config) return;
    this.#prunedFor = config;
    await runInSlices(this.#ended.keepOnly(knownSeries(config)), this.#parts.clock);
  }
}

function identityOf({ pid, startedAtWallMs }: WorkerInfo): string {
  return `${pid} ${startedAtWallMs}`;
}

/** Declares the metrics of the group itself. All are read when they are rendered. */
function registerWorkerMetrics(registry: MetricRegistry, group: WorkerGroup, stale: () => number): void {
  const gauge = (name: string, help: string, read: () => number): void =>
    registry.callback('gauge', { name, help }, read);
  gauge('sluice_workers', 'Processes that serve, as configured.', () => group.workers.length);
  gauge(
    'sluice_workers_running',
    'Processes that serve requests now.',
    () => group.workers.filter(({ state }) => state === 'serving').length,
  );
  gauge('sluice_workers_stale', 'Processes whose values on this page are those of an earlier reading.', stale);
  registry.callback(
    'counter',
    { name: 'sluice_worker_restarts_total', help: 'Processes started in the place of one that had died.' },
    () => group.workers.reduce((sum, { restarts }) => sum + restarts, 0),
  );
}
