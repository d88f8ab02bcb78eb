import { mergeValues } from './merged-family.ts';
import { type MetricDefinition, valuesPerSeries } from './metric-definition.ts';
import { otherLabels } from './metric-family.ts';
import type { MetricPart } from './metric-page.ts';

/** One metric of processes that ended. */
interface EndedFamily {
  readonly definition: MetricDefinition;
  /** By the labels as text. */
  readonly series: Map<string, Float64Array>;
}

/** Series that are looked at in one step: a fraction of a millisecond. */
const SERIES_PER_STEP = 500;

/**
 * What processes counted that have ended: their part of the sums, which must not shrink when one of them ends. Gauges, and
 * what is kept apart by process, end with it.
 */
export class EndedTotals {
  readonly #families = new Map<string, EndedFamily>();
  #parts: readonly MetricPart[] | undefined = [];

  /** The sums, to be added to those of the processes that run. */
  get parts(): readonly MetricPart[] {
    this.#parts ??= [...this.#families.values()].map(partOf);
    return this.#parts;
  }

  /** Takes over what a process had counted when it was last read, in steps between which other things may be done. */
  *add(parts: readonly MetricPart[]): Generator<undefined, void> {
    for (const part of parts) {
      const { kind, aggregation } = part.definition;
      if (kind === 'gauge' || aggregation === 'worker') continue;
      this.#addPart(part);
      yield;
    }
    this.#parts = undefined;
  }

  /** Forgets the series of which `isKnown` says no to the labels as text, in steps. */
  *keepOnly(isKnown: (labels: string) => boolean): Generator<undefined, void> {
    let left = SERIES_PER_STEP;
    for (const { series } of this.#families.values()) {
      for (const labels of [...series.keys()]) {
        if (!isKnown(labels)) series.delete(labels);
        if (--left > 0) continue;
        left = SERIES_PER_STEP;
        yield;
      }
    }
    this.#parts = undefined;
  }

  #addPart({ definition, labels, values }: MetricPart): void {
    const { series } = this.#family(definition);
    const width = valuesPerSeries(definition);
    for (const [index, own] of labels.entries()) {
      // As in a process alone, what finds no room is counted all the same.
      const text = series.has(own) || series.size < definition.maxSeries ? own : otherLabels(definition);
      const start = index * width;
      const known = series.get(text);
      if (known === undefined) series.set(text, values.slice(start, start + width));
      else mergeValues(known, values, start, 'sum');
    }
  }

  #family(definition: MetricDefinition): EndedFamily {
    let family = this.#families.get(definition.name);
    if (family === undefined) {
      family = { definition, series: new Map() };
      this.#families.set(definition.name, family);
    }
    return family;
  }
}

function partOf({ definition, series }: EndedFamily): MetricPart {
  const width = valuesPerSeries(definition);
  const values = new Float64Array(series.size * width);
  let start = 0;
  for (const own of series.values()) {
    values.set(own, start);
    start += width;
  }
  return { definition, labels: [...series.keys()], values };
}
