/** One series with what it counts. */
export interface SeriesValues {
  /** Its labels as text; empty without labels. */
  readonly labels: string;
  /** One number; of a histogram the observations of each bucket alone, then those above all bounds, then the sum. */
  readonly values: ArrayLike<number>;
}
