import { labelText } from './label-text.ts';
import type { MetricDefinition } from './metric-definition.ts';
import { numberText } from './number-text.ts';
import { seriesName } from './series-name.ts';
import type { SeriesValues } from './series-values.ts';

/** One value of a metric that lives elsewhere. */
export interface Sample<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

/**
 * Reads the samples of a metric; called for each rendering. A generator may be paused between two samples while requests
 * are served. A promise must settle, since the rendering waits for it.
 */
export type SampleCollector<Label extends string> = () => Iterable<Sample<Label>> | Promise<Iterable<Sample<Label>>>;

/** What a collected family reports about itself. */
export interface CollectionObserver {
  /** The collector had more samples than the family may have series; the rest is left out. */
  onDropped(): void;
  /** The collector threw; what it gave before stays. */
  onError(): void;
}

/**
 * A metric whose values are read when they are rendered. A label set that comes twice counts once, since a text with a
 * series twice is refused as a whole by Prometheus; likewise a collector that throws costs its own metric only.
 */
export class CollectedFamily<Label extends string> {
  readonly definition: MetricDefinition;
  readonly #collect: SampleCollector<Label>;
  readonly #observer: CollectionObserver;

  constructor(definition: MetricDefinition, collect: SampleCollector<Label>, observer: CollectionObserver) {
    this.definition = definition;
    this.#collect = collect;
    this.#observer = observer;
  }

  /** The lines of each series, the same in both formats. */
  async series(): Promise<Iterable<string>> {
    return linesOf(this.definition.name, await this.values());
  }

  /** Each series with its value. */
  async values(): Promise<Iterable<SeriesValues>> {
    try {
      return this.#distinct(await this.#collect());
    } catch {
      this.#observer.onError();
      return [];
    }
  }

  *#distinct(samples: Iterable<Sample<Label>>): Generator<SeriesValues, void, undefined> {
    const { name, labels: labelNames, maxSeries } = this.definition;
    const seen = new Set<string>();
    let samplesRead = 0;
    try {
      for (const { labels, value } of samples) {
        if (++samplesRead > maxSeries) {
          this.#observer.onDropped();
          return;
        }
        const text = labelText(name, labelNames, labels);
        if (seen.has(text)) continue;
        seen.add(text);
        yield { labels: text, values: [value] };
      }
    } catch {
      this.#observer.onError();
    }
  }
}

function* linesOf(name: string, series: Iterable<SeriesValues>): Generator<string, void, undefined> {
  for (const { labels, values } of series) yield `${seriesName(name, labels)} ${numberText(values[0]!)}\n`;
}
