import { type Chart, numberText, type Panel, type Series, xRange, yMax } from './chart.ts';

const WIDTH = 80;
const AXIS_WIDTH = 10;
const PLOT_WIDTH = WIDTH - AXIS_WIDTH;
const ROWS = 3;
const BLOCKS = ' ▁▂▃▄▅▆▇█';
const LEVELS = BLOCKS.length - 1;

/** Draws a chart with block characters, 80 columns wide: one strip for each line, all of a panel to the same scale. */
export function plotForTerminal(chart: Chart): string {
  const { from, to } = xRange(chart);
  const columnOf = (x: number): number =>
    to === from ? 0 : Math.min(PLOT_WIDTH - 1, Math.floor(((x - from) / (to - from)) * PLOT_WIDTH));
  const strips = chart.panels.flatMap((panel) => panel.series.map((series) => strip(panel, series, columnOf)));
  const axis = `${' '.repeat(AXIS_WIDTH)}${markLine(chart, columnOf)}\n`;
  const ends = `${numberText(from)} to ${numberText(to)} ${chart.xLabel}`;
  return `${chart.title}\n\n${strips.join('\n')}${axis}${' '.repeat(AXIS_WIDTH)}${ends}\n`;
}

function strip(panel: Panel, series: Series, columnOf: (x: number) => number): string {
  const max = yMax(panel);
  const heights = columnsOf(series, columnOf).map((y) => (y === undefined ? undefined : (y / max) * ROWS * LEVELS));
  let text = `${panel.title}: ${series.name} (${panel.unit})\n`;
  for (let row = ROWS - 1; row >= 0; row--) {
    const label = row === ROWS - 1 ? numberText(max) : row === 0 ? '0' : '';
    const cells = heights.map((height) => blockOf(height, row));
    text += `${label.padStart(AXIS_WIDTH - 2)} ${row === 0 ? '└' : '│'}${cells.join('').trimEnd()}\n`;
  }
  return text;
}

/** The part of a bar that falls into a row; what is above 0 shows at least as a line. */
function blockOf(height: number | undefined, row: number): string {
  if (height === undefined) return ' ';
  const level = Math.round(height - row * LEVELS);
  if (row === 0 && height > 0) return BLOCKS[Math.max(1, Math.min(LEVELS, level))]!;
  return BLOCKS[Math.max(0, Math.min(LEVELS, level))]!;
}

/** The largest y of each column; between two points that are columns apart, in proportion. Undefined where nothing is. */
function columnsOf({ points }: Series, columnOf: (x: number) => number): (number | undefined)[] {
  const columns = new Array<number | undefined>(PLOT_WIDTH).fill(undefined);
  let previous: readonly [column: number, y: number] | undefined;
  for (const [x, y] of points) {
    const column = columnOf(x);
    columns[column] = Math.max(columns[column] ?? 0, y);
    if (previous !== undefined) {
      const [before, yBefore] = previous;
      for (let between = before + 1; between < column; between++) {
        columns[between] = yBefore + ((y - yBefore) * (between - before)) / (column - before);
      }
    }
    previous = [column, y];
  }
  return columns;
}

/** Names of the marks where they are, as far as they do not overlap. */
function markLine({ marks }: Chart, columnOf: (x: number) => number): string {
  let line = '';
  for (const { x, label } of marks) {
    const column = columnOf(x);
    if (column < line.length) continue;
    line = `${line.padEnd(column)}^${label} `;
  }
  return line.trimEnd();
}
