import { Counter } from './counter.ts';
import { Gauge } from './gauge.ts';
import { Histogram } from './histogram.ts';
import { type HistogramBuckets, histogramBuckets } from './histogram-buckets.ts';
import { type Aggregation, type MetricDefinition, valuesPerSeries, WORKER_LABEL } from './metric-definition.ts';
import type { MetricPart } from './metric-page.ts';
import type { MetricsFormat } from './metrics-format.ts';
import { nextTurn } from './next-turn.ts';
import type { RenderedFamily } from './render-metrics.ts';

/** A part of a metric, and the process that it comes from. */
export interface SourcedPart {
  /** What the label `worker` of the process is, where processes are kept apart. */
  readonly worker: string;
  readonly part: MetricPart;
}

/** Series that are put together before requests get their turn: about a millisecond of work. */
const SERIES_PER_TURN = 1_000;

/** One metric of several processes. */
export class MergedFamily implements RenderedFamily {
  readonly definition: MetricDefinition;
  readonly #parts: readonly SourcedPart[];
  readonly #pause: () => Promise<void>;

  /**
   * @param parts all of this metric, with equal buckets
   * @param pause awaited between two turns; default until the next turn of the event loop
   */
  constructor(definition: MetricDefinition, parts: readonly SourcedPart[], pause: () => Promise<void> = nextTurn) {
    this.definition = definition;
    this.#parts = parts;
    this.#pause = pause;
  }

  /** Each text has all lines of one series. */
  async series(format: MetricsFormat): Promise<Iterable<string>> {
    const { definition } = this;
    const merged = new Map<string, Float64Array>();
    let left = SERIES_PER_TURN;
    for (const { worker, part } of this.#parts) {
      const suffix = definition.aggregation === 'worker' ? `${WORKER_LABEL}="${worker}"` : '';
      for (let index = 0; index < part.labels.length; index++) {
        mergeSeries(merged, definition, part, index, suffix);
        if (--left > 0) continue;
        left = SERIES_PER_TURN;
        await this.#pause();
      }
    }
    return linesOf(merged, definition, format);
  }
}

function mergeSeries(
  merged: Map<string, Float64Array>,
  definition: MetricDefinition,
  { labels, values }: MetricPart,
  index: number,
  suffix: string,
): void {
  const width = valuesPerSeries(definition);
  const own = labels[index]!;
  const text = suffix === '' ? own : own === '' ? suffix : `${own},${suffix}`;
  const start = index * width;
  const known = merged.get(text);
  if (known === undefined) merged.set(text, values.slice(start, start + width));
  else mergeValues(known, values, start, aggregationOf(definition, text));
}

/** Puts the values from `start` on together with those that are known. */
export function mergeValues(known: Float64Array, values: Float64Array, start: number, aggregation: Aggregation): void {
  for (let index = 0; index < known.length; index++) {
    const value = values[start + index]!;
    if (aggregation === 'max') known[index] = Math.max(known[index]!, value);
    else if (aggregation === 'min') known[index] = Math.min(known[index]!, value);
    else known[index]! += value;
  }
}

/** No label value has a quote that is not escaped, so that the text of a label stands for it. */
function aggregationOf({ aggregation, exception }: MetricDefinition, labels: string): Aggregation {
  if (exception === undefined || !labels.includes(`${exception.label}="${exception.value}"`)) return aggregation;
  return exception.aggregation;
}

function* linesOf(
  merged: ReadonlyMap<string, Float64Array>,
  definition: MetricDefinition,
  format: MetricsFormat,
): Generator<string, void, undefined> {
  const { name } = definition;
  const buckets = definition.buckets && histogramBuckets(name, definition.buckets);
  for (const [labels, values] of merged) yield seriesOf(definition, labels, values, buckets).lines(format);
}

function seriesOf(
  { kind, name }: MetricDefinition,
  labels: string,
  values: Float64Array,
  buckets: HistogramBuckets | undefined,
): Counter | Gauge | Histogram {
  if (buckets !== undefined) return new Histogram(name, labels, buckets, values);
  if (kind === 'counter') {
    const counter = new Counter(name, labels);
    counter.add(values[0]!);
    return counter;
  }
  const gauge = new Gauge(name, labels);
  gauge.set(values[0]!);
  return gauge;
}
