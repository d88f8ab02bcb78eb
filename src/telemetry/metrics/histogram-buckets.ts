import { MetricError } from './metric-definition.ts';
import type { MetricsFormat } from './metrics-format.ts';
import { numberText } from './number-text.ts';

/** Bounds for the durations of requests and calls, in seconds: from a local call to the longest usual time-out. */
export const DURATION_BUCKETS_SECONDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10,
];

/** Most buckets of a histogram: each is a line for every series. */
const MAX_BUCKETS = 64;

/** What the histograms of a family share. */
export interface HistogramBuckets {
  /** Upper bounds, inclusive and ascending, without infinity. */
  readonly bounds: readonly number[];
  /** What stands behind the labels in the line of each bucket, the last being `+Inf`: `le="0.005"} `. */
  readonly endings: Readonly<Record<MetricsFormat, readonly string[]>>;
}

/**
 * Checks the bounds of a histogram and prepares their text.
 *
 * @throws MetricError where they are not 1 to 64 finite numbers, each above the one before
 */
export function histogramBuckets(metric: string, bounds: readonly number[]): HistogramBuckets {
  if (bounds.length === 0 || bounds.length > MAX_BUCKETS) {
    throw new MetricError(metric, `expected 1 to ${MAX_BUCKETS} buckets, got ${bounds.length}`);
  }
  for (const [index, bound] of bounds.entries()) {
    if (!Number.isFinite(bound)) throw new MetricError(metric, `bucket ${bound} is not finite`);
    if (index > 0 && bound <= bounds[index - 1]!) {
      throw new MetricError(metric, `bucket ${bound} is not above ${bounds[index - 1]}, the one before`);
    }
  }
  const infinity = 'le="+Inf"} ';
  return {
    bounds: [...bounds],
    endings: {
      text: [...bounds.map((bound) => `le="${numberText(bound)}"} `), infinity],
      openmetrics: [...bounds.map((bound) => `le="${canonicalBound(bound)}"} `), infinity],
    },
  };
}

/** OpenMetrics wants `1.0` where the older format has `1`, so that the series has one name everywhere. */
function canonicalBound(bound: number): string {
  const text = numberText(bound);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
