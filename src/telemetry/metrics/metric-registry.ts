import { CollectedFamily, type SampleCollector } from './collected-family.ts';
import { Counter } from './counter.ts';
import { Gauge } from './gauge.ts';
import { Histogram } from './histogram.ts';
import { histogramBuckets } from './histogram-buckets.ts';
import {
  type MetricDefinition,
  MetricError,
  type MetricKind,
  type MetricOptions,
  metricDefinition,
  reservedNames,
} from './metric-definition.ts';
import { MetricFamily } from './metric-family.ts';
import type { RenderedFamily } from './render-metrics.ts';
import type { SeriesValues } from './series-values.ts';

export type CounterFamily<Label extends string = never> = MetricFamily<Label, Counter>;
export type GaugeFamily<Label extends string = never> = MetricFamily<Label, Gauge>;
export type HistogramFamily<Label extends string = never> = MetricFamily<Label, Histogram>;

export interface HistogramOptions<Label extends string = never> extends MetricOptions<Label> {
  /** Upper bounds of the buckets, inclusive and ascending, without infinity. */
  readonly buckets: readonly number[];
}

/** A metric of this process. */
export interface RegisteredFamily extends RenderedFamily {
  /** All series with what they count. */
  values(): Iterable<SeriesValues> | Promise<Iterable<SeriesValues>>;
}

export interface MetricRegistryOptions {
  /** Most series of a metric that sets no bound of its own; default 10,000. */
  readonly maxSeries?: number;
}

const DEFAULT_MAX_SERIES = 10_000;

/**
 * The metrics of a gateway, in the order in which they were declared.
 *
 * Declaring one throws MetricError where its name, labels or buckets are not acceptable or the name is taken. The
 * registry has two metrics of its own: `sluice_metrics_dropped_series_total`, the lookups of label sets beyond the bound
 * of a metric, and `sluice_metrics_collector_errors_total`.
 */
export class MetricRegistry {
  readonly #maxSeries: number;
  readonly #families: RegisteredFamily[] = [];
  /** Every name in use, with the metric it belongs to. */
  readonly #names = new Map<string, string>();
  readonly #dropped: CounterFamily<'metric'>;
  readonly #collectorErrors: CounterFamily<'metric'>;

  constructor({ maxSeries = DEFAULT_MAX_SERIES }: MetricRegistryOptions = {}) {
    this.#maxSeries = maxSeries;
    this.#dropped = this.counter({
      name: 'sluice_metrics_dropped_series_total',
      help: 'Lookups of label sets for which a metric had no room; they are counted in its series _OTHER.',
      labels: ['metric'],
      maxSeries: DEFAULT_MAX_SERIES,
    });
    this.#collectorErrors = this.counter({
      name: 'sluice_metrics_collector_errors_total',
      help: 'Renderings in which the values of a metric could not be read.',
      labels: ['metric'],
      maxSeries: DEFAULT_MAX_SERIES,
    });
  }

  counter<Label extends string = never>(options: MetricOptions<Label>): CounterFamily<Label> {
    const definition = this.#define('counter', options);
    return this.#addFamily<Label, Counter>(definition, (labels) => new Counter(definition.name, labels));
  }

  gauge<Label extends string = never>(options: MetricOptions<Label>): GaugeFamily<Label> {
    const definition = this.#define('gauge', options);
    return this.#addFamily<Label, Gauge>(definition, (labels) => new Gauge(definition.name, labels));
  }

  histogram<Label extends string = never>(options: HistogramOptions<Label>): HistogramFamily<Label> {
    const buckets = histogramBuckets(options.name, options.buckets);
    const definition = this.#define('histogram', options);
    return this.#addFamily<Label, Histogram>(definition, (labels) => new Histogram(definition.name, labels, buckets));
  }

  /** A metric without labels whose value is read when it is rendered. */
  callback(kind: 'counter' | 'gauge', options: MetricOptions, read: () => number): void {
    this.collect(kind, options, () => [{ labels: {}, value: read() }]);
  }

  /** A metric whose samples are read when it is rendered. */
  collect<Label extends string = never>(
    kind: 'counter' | 'gauge',
    options: MetricOptions<Label>,
    collector: SampleCollector<Label>,
  ): void {
    const definition = this.#define(kind, options);
    const observer = {
      onDropped: () => this.#dropped.with({ metric: definition.name }).add(1),
      onError: () => this.#collectorErrors.with({ metric: definition.name }).add(1),
    };
    this.#families.push(new CollectedFamily(definition, collector, observer));
  }

  /** All metrics as they are rendered. */
  get families(): readonly RegisteredFamily[] {
    return this.#families;
  }

  #define(
    kind: MetricKind,
    options: MetricOptions<string> & { readonly buckets?: readonly number[] },
  ): MetricDefinition {
    const definition = metricDefinition(kind, options, this.#maxSeries);
    const names = reservedNames(definition);
    for (const name of names) {
      const owner = this.#names.get(name);
      if (owner !== undefined) throw new MetricError(definition.name, `the name ${name} is taken by ${owner}`);
    }
    for (const name of names) this.#names.set(name, definition.name);
    return definition;
  }

  #addFamily<Label extends string, Child extends Counter | Gauge | Histogram>(
    definition: MetricDefinition,
    create: (labels: string) => Child,
  ): MetricFamily<Label, Child> {
    const family = new MetricFamily<Label, Child>(definition, create, () =>
      this.#dropped.with({ metric: definition.name }).add(1),
    );
    this.#families.push(family);
    return family;
  }
}
