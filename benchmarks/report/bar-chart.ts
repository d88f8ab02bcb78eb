/** One bar with its figure. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Half the width of the middle half of the values, as a part of the value. */
  readonly spread: number;
  /** What stands behind the bar: the figure with its unit. */
  readonly text: string;
  /** Where the value ought to be at least. */
  readonly goal?: number;
  /** Bars of the same number have the same colour; 0 is what the chart is about. */
  readonly colour: number;
}

/** Bars that share a scale, which starts at 0. */
export interface BarGroup {
  /** Empty for none. */
  readonly title: string;
  readonly bars: readonly Bar[];
  /** End of the scale; what is longer is cut off with an arrow. Undefined: that of the longest bar with its spread. */
  readonly max?: number;
}

/** Groups of one kind of figure. */
export interface BarSection {
  /** What is shown, with its unit. */
  readonly title: string;
  /** How it is to be read. */
  readonly note: string;
  readonly groups: readonly BarGroup[];
}

export interface BarChart {
  readonly title: string;
  readonly sections: readonly BarSection[];
}

/** End of a group's scale. */
export function scaleEnd({ bars, max }: BarGroup): number {
  if (max !== undefined) return max;
  let end = 0;
  for (const { value, spread, goal } of bars) end = Math.max(end, value * (1 + spread), goal ?? 0);
  return end > 0 ? end : 1;
}
