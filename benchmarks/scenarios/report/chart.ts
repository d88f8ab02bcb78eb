/** One line of a panel: points by rising x. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Lines that share a y axis, which starts at 0. */
export interface Panel {
  readonly title: string;
  /** Of the y axis. */
  readonly unit: string;
  readonly series: readonly Series[];
}

/** Panels one below the other that share an x axis. */
export interface Chart {
  readonly title: string;
  /** Name and unit of the x axis. */
  readonly xLabel: string;
  readonly panels: readonly Panel[];
  /** Vertical lines with a word each, such as where a phase begins. */
  readonly marks: readonly { readonly x: number; readonly label: string }[];
}

/** Ends of the x axis over all panels. */
export function xRange({ panels, marks }: Chart): { readonly from: number; readonly to: number } {
  const values = panels.flatMap(({ series }) => series.flatMap(({ points }) => points.map(([x]) => x)));
  values.push(...marks.map(({ x }) => x));
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  if (from > to) throw new Error('a chart without a point cannot be drawn');
  return { from, to };
}

/** The largest y of a panel; 1 where there is nothing above 0. */
export function yMax({ series }: Panel): number {
  let max = 0;
  for (const { points } of series) for (const [, y] of points) max = Math.max(max, y);
  return max > 0 ? max : 1;
}

/** Round numbers from 0 to at least `max`, `count` steps or a few less or more. */
export function ticksUpTo(max: number, count: number): readonly number[] {
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999)! * power;
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, index) => round(index * step));
}

/** `1,200`, `0.25` */
export function numberText(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 });
}

/** Without the noise of binary fractions. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}
