import type { MetricDefinition } from './metric-definition.ts';

/** Some series of one metric, with what they count. */
export interface MetricPart {
  readonly definition: MetricDefinition;
  /** The labels of each series as text. */
  readonly labels: readonly string[];
  /**
   * The values of the series, one after the other: one number for each; of a histogram the observations of each bucket
   * alone, then those above all bounds, then the sum of what was observed.
   */
  readonly values: Float64Array;
}

/** A part of all metrics, such as can be sent to another process without holding up either. */
export interface MetricPage {
  readonly parts: readonly MetricPart[];
  readonly isLast: boolean;
}
