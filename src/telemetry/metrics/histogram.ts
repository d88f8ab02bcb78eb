import type { HistogramBuckets } from './histogram-buckets.ts';
import type { MetricsFormat } from './metrics-format.ts';
import { numberText } from './number-text.ts';
import { seriesName } from './series-name.ts';

/** Counts observations, such as durations in seconds or sizes in bytes, in buckets. Never negative. */
export class Histogram {
  readonly #buckets: HistogramBuckets;
  /** Observations of each bucket alone, the last being above all bounds; behind them the sum of what was observed. */
  readonly #cells: Float64Array;
  readonly #bucketPrefix: string;
  readonly #sumPrefix: string;
  readonly #countPrefix: string;

  /** @param cells what was observed before: see `values`. It is counted on in there. Default: nothing was. */
  constructor(
    metric: string,
    labels: string,
    buckets: HistogramBuckets,
    cells: Float64Array = new Float64Array(buckets.bounds.length + 2),
  ) {
    this.#buckets = buckets;
    this.#cells = cells;
    this.#bucketPrefix = `${metric}_bucket{${labels === '' ? '' : `${labels},`}`;
    this.#sumPrefix = `${seriesName(`${metric}_sum`, labels)} `;
    this.#countPrefix = `${seriesName(`${metric}_count`, labels)} `;
  }

  /** Counts one observation. One that is negative or not finite is ignored: it would spoil the sum for good. */
  observe(value: number): void {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) return;
    const { bounds } = this.#buckets;
    const cells = this.#cells;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
    cells[bucket]!++;
    cells[bounds.length + 1]! += value;
  }

  /** Observations of each bucket alone, those above all bounds, and the sum of what was observed. */
  get values(): Float64Array {
    return this.#cells;
  }

  /** Number of observations. */
  get count(): number {
    let count = 0;
    for (let bucket = 0; bucket < this.#cells.length - 1; bucket++) count += this.#cells[bucket]!;
    return count;
  }

  /** Sum of the observations. */
  get sum(): number {
    return this.#cells[this.#cells.length - 1]!;
  }

  /** The series as it is now: buckets, sum and count agree, since all are read in one go. */
  lines(format: MetricsFormat): string {
    const endings = this.#buckets.endings[format];
    let text = '';
    let count = 0;
    for (let bucket = 0; bucket < endings.length; bucket++) {
      count += this.#cells[bucket]!;
      text += `${this.#bucketPrefix}${endings[bucket]}${count}\n`;
    }
    return `${text}${this.#sumPrefix}${numberText(this.sum)}\n${this.#countPrefix}${count}\n`;
  }
}
