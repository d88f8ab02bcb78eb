import { type Chart, numberText, type Panel, ticksUpTo, xRange, yMax } from './chart.ts';

const WIDTH = 860;
const LEFT = 76;
const RIGHT = 18;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const TITLE_HEIGHT = 34;
const PANEL_HEAD = 30;
const PANEL_HEIGHT = 120;
const PANEL_GAP = 14;
const AXIS_HEIGHT = 52;
const Y_TICKS = 4;
const X_TICKS = 8;
/** Lines differ by more than colour, for those who see fewer of them. */
const DASHES = ['none', '7 3', '2 3', '10 3 2 3'];

const LIGHT = { paper: '#ffffff', ink: '#1f2328', faint: '#d8dee4', quiet: '#59636e' };
const DARK = { paper: '#0d1117', ink: '#e6edf3', faint: '#30363d', quiet: '#9198a1' };
const LIGHT_LINES = ['#0969da', '#bc4c00', '#1a7f37', '#8250df'];
const DARK_LINES = ['#58a6ff', '#f0883e', '#3fb950', '#bc8cff'];

/** Readable on white and on black paper, whichever the reader's system prefers. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; }
  .title { font-size: 15px; font-weight: 600; }
  .panel { font-weight: 600; }
  .tick { font-size: 11px; }
  .grid { stroke-width: 1; }
  .mark { stroke-width: 1; stroke-dasharray: 3 3; }
  .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
${colours(LIGHT, LIGHT_LINES)}
  @media (prefers-color-scheme: dark) {
${colours(DARK, DARK_LINES)}
  }`;

type Scale = (value: number) => number;

/** A chart as SVG text without any script or outside reference: panels of lines, legends, axes with units. */
export function svgChart(chart: Chart): string {
  const { from, to } = xRange(chart);
  const span = to - from || 1;
  const xOf: Scale = (x) => LEFT + ((x - from) / span) * PLOT_WIDTH;
  const panelStep = PANEL_HEAD + PANEL_HEIGHT + PANEL_GAP;
  const bottom = TITLE_HEIGHT + chart.panels.length * panelStep - PANEL_GAP;
  const height = bottom + AXIS_HEIGHT;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(chart.title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${LEFT}" y="22">${escaped(chart.title)}</text>`,
    ...chart.panels.map((panel, index) => panelSvg(panel, TITLE_HEIGHT + index * panelStep, xOf)),
    ...chart.marks.map(({ x, label }, index) => markSvg(xOf(x), bottom, label, index)),
    ...xAxis(from, to, bottom, xOf),
    `<text x="${LEFT + PLOT_WIDTH}" y="${height - 6}" text-anchor="end">${escaped(chart.xLabel)}</text>`,
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function panelSvg(panel: Panel, top: number, xOf: Scale): string {
  const ticks = ticksUpTo(yMax(panel), Y_TICKS);
  const max = ticks.at(-1)!;
  const base = top + PANEL_HEAD + PANEL_HEIGHT;
  const yOf: Scale = (y) => base - (y / max) * PANEL_HEIGHT;
  const parts = [`<text class="panel" x="${LEFT}" y="${top + 18}">${escaped(`${panel.title}, ${panel.unit}`)}</text>`];
  for (const tick of ticks) {
    const y = fixed(yOf(tick));
    parts.push(
      `<line class="grid" x1="${LEFT}" x2="${LEFT + PLOT_WIDTH}" y1="${y}" y2="${y}"/>`,
      `<text class="tick" x="${LEFT - 8}" y="${fixed(yOf(tick) + 4)}" text-anchor="end">${numberText(tick)}</text>`,
    );
  }
  let legendRight = LEFT + PLOT_WIDTH;
  for (let index = panel.series.length - 1; index >= 0; index--) {
    const { name, points } = panel.series[index]!;
    const pen = `class="line c${index % LIGHT_LINES.length}" stroke-dasharray="${DASHES[index % DASHES.length]}"`;
    const path = points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${fixed(xOf(x))} ${fixed(yOf(y))}`).join('');
    const start = legendRight - name.length * 7 - 34;
    parts.push(
      `<path ${pen} d="${path}"/>`,
      `<line ${pen} x1="${start}" x2="${start + 26}" y1="${top + 14}" y2="${top + 14}"/>`,
      `<text x="${start + 31}" y="${top + 18}">${escaped(name)}</text>`,
    );
    legendRight = start - 10;
  }
  return parts.join('\n');
}

function markSvg(x: number, bottom: number, label: string, index: number): string {
  const y = bottom + 28 + (index % 2) * 12;
  return [
    `<line class="mark" x1="${fixed(x)}" x2="${fixed(x)}" y1="${TITLE_HEIGHT + PANEL_HEAD}" y2="${y - 10}"/>`,
    `<text class="tick" x="${fixed(x + 2)}" y="${y}">${escaped(label)}</text>`,
  ].join('\n');
}

function xAxis(from: number, to: number, bottom: number, xOf: Scale): string[] {
  const ticks = ticksUpTo(to - from || 1, X_TICKS).map((tick) => from + tick);
  return ticks
    .filter((tick) => tick <= to)
    .map(
      (x) => `<text class="tick" x="${fixed(xOf(x))}" y="${bottom + 15}" text-anchor="middle">${numberText(x)}</text>`,
    );
}

function colours({ paper, ink, faint, quiet }: typeof LIGHT, lines: readonly string[]): string {
  return [
    `    .paper { fill: ${paper}; }`,
    `    text { fill: ${ink}; }`,
    `    .tick { fill: ${quiet}; }`,
    `    .grid { stroke: ${faint}; }`,
    `    .mark { stroke: ${quiet}; }`,
    ...lines.map((colour, index) => `    .c${index} { stroke: ${colour}; }`),
  ].join('\n');
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
