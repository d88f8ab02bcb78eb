/** The middle of some measurements, and how far they lie apart. */
export interface Summary {
  readonly median: number;
  /** Half the width of the middle half of the values (between the quartiles), as a part of the median: 0.05 is "±5 %". */
  readonly spread: number;
}

/** What a ratio of two measurements says. */
export interface Comparison extends Summary {
  /** False when the ratio is nearer to 1 than its own spread: the two are not known to differ. */
  readonly differs: boolean;
}

/** @param values at least one */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((left, right) => left - right);
  const median = quantile(sorted, 0.5);
  const spread = median === 0 ? 0 : (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 / median;
  return { median, spread };
}

/**
 * The ratio of a measurement to its baseline, taken round by round: what slows down the machine for a while slows down
 * both of a round, and falls out of their ratio.
 */
export function compare(values: readonly number[], baseline: readonly number[]): Comparison {
  const ratio = summarize(values.map((value, round) => value / baseline[round]!));
  return { ...ratio, differs: Math.abs(ratio.median - 1) > ratio.spread * ratio.median };
}

/** `1.42x ±3 %`, or `no difference (0.98x ±6 %)`. */
export function formatComparison(comparison: Comparison): string {
  const ratio = `${comparison.median.toFixed(2)}x ${formatSpread(comparison)}`;
  return comparison.differs ? ratio : `no difference (${ratio})`;
}

/** `±3 %` */
export function formatSpread({ spread }: Summary): string {
  return `±${(spread * 100).toFixed(0)} %`;
}

/** The value below which this part of the sorted values lies, between two of them in proportion. */
function quantile(sorted: readonly number[], part: number): number {
  const position = (sorted.length - 1) * part;
  const index = Math.floor(position);
  const low = sorted[index]!;
  const high = sorted[index + 1] ?? low;
  return low + (high - low) * (position - index);
}
