/** A kind of metric, as it stands behind `# TYPE`. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/**
 * How the values that a gauge has in several processes make up one: `sum` adds them up, `max` and `min` take one of them,
 * `worker` keeps them apart by a label of that name. Counters and histograms are added up, or kept apart.
 */
export type Aggregation = 'sum' | 'max' | 'min' | 'worker';

/** Series whose values are put together in another way than those of the others. */
export interface AggregationException {
  readonly label: string;
  readonly value: string;
  readonly aggregation: 'sum' | 'max' | 'min';
}

/** The label that tells the processes apart. */
export const WORKER_LABEL = 'worker';

/** How a metric is declared. */
export interface MetricOptions<Label extends string = never> {
  /**
   * `sluice_<noun>_<unit>` in base units (seconds, bytes, ratio): lower-case words with underscores. Counters end with
   * `_total`. Metrics of the process start with `process_`, those of the runtime with `nodejs_`.
   */
  readonly name: string;
  /** One sentence for the reader of the metrics page. */
  readonly help: string;
  /** Names of the labels; default none. */
  readonly labels?: readonly Label[];
  /** Most series, whatever the label values; default that of the registry. */
  readonly maxSeries?: number;
  /** How the values of several processes make up one; default `sum`. */
  readonly aggregation?: Aggregation;
  /** Series of a gauge for which `aggregation` does not hold; default none. */
  readonly exception?: AggregationException & { readonly label: Label };
}

/** A declared metric whose names have been checked. */
export interface MetricDefinition {
  readonly kind: MetricKind;
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly maxSeries: number;
  readonly aggregation: Aggregation;
  readonly exception: AggregationException | undefined;
  /** Upper bounds of the buckets of a histogram; undefined for other metrics. */
  readonly buckets: readonly number[] | undefined;
}

/** The declaration of a metric, or a label set, is not acceptable: a mistake in the program. */
export class MetricError extends Error {
  constructor(metric: string, problem: string) {
    super(`metric ${JSON.stringify(metric)}: ${problem}`);
    this.name = 'MetricError';
  }
}

/**
 * Checks a declaration. The rules are those of the Prometheus data model, narrowed to its naming conventions.
 *
 * @throws MetricError where a name, the help text or the bound is not acceptable
 */
export function metricDefinition(
  kind: MetricKind,
  options: MetricOptions<string> & { readonly buckets?: readonly number[] },
  defaultMaxSeries: number,
): MetricDefinition {
  const { name, help, labels = [], maxSeries = defaultMaxSeries, aggregation = 'sum', exception, buckets } = options;
  checkName(kind, name);
  if (help.trim() === '') throw new MetricError(name, 'the help text is missing');
  for (const [index, label] of labels.entries()) {
    if (!LABEL_NAME.test(label) || RESERVED_LABELS.has(label)) {
      throw new MetricError(name, `${JSON.stringify(label)} is no acceptable label name`);
    }
    if (labels.indexOf(label) !== index) throw new MetricError(name, `label ${JSON.stringify(label)} stands twice`);
  }
  if (!(Number.isSafeInteger(maxSeries) && maxSeries > 0)) {
    throw new MetricError(name, `maxSeries must be a positive integer, got ${maxSeries}`);
  }
  if (kind !== 'gauge' && (aggregation === 'max' || aggregation === 'min' || exception !== undefined)) {
    throw new MetricError(name, `the values of a ${kind} in several processes are added up`);
  }
  if (aggregation === 'worker' && labels.includes(WORKER_LABEL)) {
    throw new MetricError(name, `label ${JSON.stringify(WORKER_LABEL)} is the one that tells processes apart`);
  }
  return { kind, name, help, labels: [...labels], maxSeries, aggregation, exception, buckets };
}

/**
 * Every name that the metric's family and samples have in either format. OpenMetrics names the family of a counter
 * without `_total` and reserves `_created`; two families that share any of these names cannot be told apart.
 */
export function reservedNames({ kind, name }: MetricDefinition): string[] {
  if (kind === 'gauge') return [name];
  if (kind === 'histogram') return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`, `${name}_created`];
  const base = counterBaseName(name);
  return [base, name, `${base}_created`];
}

/** How many values each series of the metric has: those of a histogram are its buckets, the rest, and the sum. */
export function valuesPerSeries({ buckets }: MetricDefinition): number {
  return buckets === undefined ? 1 : buckets.length + 2;
}

/** The name of a counter's family in OpenMetrics. */
export function counterBaseName(name: string): string {
  return name.slice(0, -COUNTER_SUFFIX.length);
}

const COUNTER_SUFFIX = '_total';
const METRIC_NAME = /^(?:sluice|process|nodejs)(?:_[a-z0-9]+)+$/;
const LABEL_NAME = /^(?!__)[a-z_][a-z0-9_]*$/;
/** Prometheus gives these labels a meaning of their own. */
const RESERVED_LABELS: ReadonlySet<string> = new Set(['le', 'quantile', 'job', 'instance']);
const RESERVED_SUFFIX = /_(?:total|bucket|sum|count|created)$/;
/** Units are base units: seconds, bytes, ratios. */
const SCALED_UNITS: ReadonlySet<string> = new Set(
  'ms milliseconds us microseconds ns nanoseconds minutes hours kb kib mb mib gb gib kilobytes megabytes percent'.split(
    ' ',
  ),
);

function checkName(kind: MetricKind, name: string): void {
  if (!METRIC_NAME.test(name)) {
    throw new MetricError(
      name,
      'expected lower-case words with underscores, starting with sluice_, process_ or nodejs_',
    );
  }
  if (kind === 'counter' && !name.endsWith(COUNTER_SUFFIX)) {
    throw new MetricError(name, `the name of a counter ends with ${COUNTER_SUFFIX}`);
  }
  if (kind !== 'counter' && RESERVED_SUFFIX.test(name)) {
    throw new MetricError(name, `the name of a ${kind} may not end with ${RESERVED_SUFFIX.exec(name)![0]}`);
  }
  const scaled = name.split('_').find((word) => SCALED_UNITS.has(word));
  if (scaled !== undefined) throw new MetricError(name, `${scaled} is no base unit: use seconds, bytes or ratio`);
}
