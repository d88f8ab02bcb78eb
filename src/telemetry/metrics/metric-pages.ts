import { type MetricDefinition, valuesPerSeries } from './metric-definition.ts';
import type { MetricPage, MetricPart } from './metric-page.ts';
import type { RegisteredFamily } from './metric-registry.ts';
import type { SeriesValues } from './series-values.ts';

/** Values of a page: a millisecond or so of work for who sends it and for who gets it. */
const DEFAULT_PAGE_VALUES = 8_192;
/** What the labels of a series cost, in values. */
const LABELS_VALUES = 8;

/**
 * All metrics in parts that can be sent to another process, one after the other. Each series is read when its page is
 * made, and is consistent in itself. A metric without series is there too.
 *
 * @param pageValues about how large a page is, in numbers
 */
export async function* metricPages(
  { families }: { readonly families: readonly RegisteredFamily[] },
  pageValues: number = DEFAULT_PAGE_VALUES,
): AsyncGenerator<MetricPage, void, undefined> {
  let parts: MetricPart[] = [];
  let size = 0;
  for (const family of [...families]) {
    const { definition } = family;
    let part = new OpenPart(definition);
    for (const series of await family.values()) {
      part.add(series);
      size += LABELS_VALUES + series.values.length;
      if (size < pageValues) continue;
      parts.push(part.close());
      yield { parts, isLast: false };
      part = new OpenPart(definition);
      parts = [];
      size = 0;
    }
    parts.push(part.close());
    size += LABELS_VALUES;
  }
  yield { parts, isLast: true };
}

/** Series of one metric, while they are gathered. */
class OpenPart {
  readonly #definition: MetricDefinition;
  readonly #labels: string[] = [];
  readonly #values: number[] = [];
  readonly #width: number;

  constructor(definition: MetricDefinition) {
    this.#definition = definition;
    this.#width = valuesPerSeries(definition);
  }

  add({ labels, values }: SeriesValues): void {
    this.#labels.push(labels);
    for (let index = 0; index < this.#width; index++) this.#values.push(values[index]!);
  }

  close(): MetricPart {
    return { definition: this.#definition, labels: this.#labels, values: Float64Array.from(this.#values) };
  }
}
