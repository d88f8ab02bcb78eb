import { labelText } from './label-text.ts';
import { type MetricDefinition, MetricError } from './metric-definition.ts';
import type { MetricsFormat } from './metrics-format.ts';
import type { SeriesValues } from './series-values.ts';

/** The label value of the series that stands for all that found no place of their own. */
export const OTHER = '_OTHER';

/** The labels of that series as text. */
export function otherLabels({ labels }: MetricDefinition): string {
  return labels.map((label) => `${label}="${OTHER}"`).join();
}

/** One series of a family: the handle that the hot path keeps. */
export interface Series {
  /** All lines of the series as it is now. */
  lines(format: MetricsFormat): string;
  /** What it counts, as it is now: see `SeriesValues`. */
  readonly values: ArrayLike<number>;
}

/** A metric with the series it has, one for each label set. */
export class MetricFamily<Label extends string, Child extends Series> {
  readonly definition: MetricDefinition;
  readonly #create: (labels: string) => Child;
  readonly #onDropped: () => void;
  readonly #children = new Map<string, Child>();
  readonly #otherText: string;
  /** The series of those that came when the family was full; made when the first one comes. */
  #other: Child | undefined;

  /**
   * @param create makes the series for a label text
   * @param onDropped told of each lookup that found the family full
   */
  constructor(definition: MetricDefinition, create: (labels: string) => Child, onDropped: () => void) {
    this.definition = definition;
    this.#create = create;
    this.#onDropped = onDropped;
    this.#otherText = otherLabels(definition);
    // Without labels there is one series, which is 0 from the start instead of absent.
    if (definition.labels.length === 0) this.with({} as Readonly<Record<Label, string>>);
  }

  /**
   * The series for a label set, made when it is first asked for. The caller keeps it: a lookup makes a text and looks
   * it up, while the series itself costs an addition.
   *
   * A family that is full answers with one series whose labels are all `_OTHER`, shared by all that come too late.
   *
   * @throws MetricError where a label has no value
   */
  with(labels: Readonly<Record<Label, string>>): Child {
    const text = this.#labelText(labels);
    let child = this.#children.get(text);
    if (child !== undefined) return child;
    if (this.#children.size < this.definition.maxSeries && (text === '' || text !== this.#otherText)) {
      child = this.#create(text);
      this.#children.set(text, child);
      return child;
    }
    this.#onDropped();
    this.#other ??= this.#create(this.#otherText);
    return this.#other;
  }

  /**
   * Takes a series out of the metrics and makes room for another one. Who still holds it may go on adding to it; that is
   * seen nowhere. A series that is asked for again later starts at zero. The shared series `_OTHER` stays.
   *
   * @returns whether there was one
   * @throws MetricError for a metric without labels, whose one series stays
   */
  remove(labels: Readonly<Record<Label, string>>): boolean {
    if (this.definition.labels.length === 0) {
      throw new MetricError(this.definition.name, 'the one series of a metric without labels cannot be removed');
    }
    return this.#children.delete(this.#labelText(labels));
  }

  /** Number of series. */
  get size(): number {
    return this.#children.size + (this.#other === undefined ? 0 : 1);
  }

  /** The lines of each series that exists when this is called. */
  *series(format: MetricsFormat): Generator<string, void, undefined> {
    for (const [, child] of this.#present()) yield child.lines(format);
  }

  /** Each series that exists when this is called, with what it counts. */
  *values(): Generator<SeriesValues, void, undefined> {
    for (const [labels, { values }] of this.#present()) yield { labels, values };
  }

  /** A copy: a series that is removed and made again meanwhile must not stand twice in one text. */
  #present(): [labels: string, child: Child][] {
    const present = [...this.#children];
    if (this.#other !== undefined) present.push([this.#otherText, this.#other]);
    return present;
  }

  #labelText(labels: Readonly<Record<Label, string>>): string {
    return labelText(this.definition.name, this.definition.labels, labels);
  }
}
