import { type Bar, type BarChart, type BarGroup, type BarSection, scaleEnd } from './bar-chart.ts';

const WIDTH = 900;
const MARGIN = 20;
const LEFT = 230;
const BAR_WIDTH = 440;
const TITLE_HEIGHT = 40;
const SECTION_HEAD = 54;
const GROUP_HEAD = 22;
const GROUP_GAP = 8;
const ROW_HEIGHT = 18;
const BAR_HEIGHT = 12;
const CHARACTER_WIDTH = 6.6;

const LIGHT = { paper: '#ffffff', ink: '#1f2328', quiet: '#59636e', goal: '#cf222e' };
const DARK = { paper: '#0d1117', ink: '#e6edf3', quiet: '#9198a1', goal: '#ff7b72' };
const LIGHT_BARS = ['#0969da', '#8c959f', '#d4a72c', '#8250df', '#1a7f37'];
const DARK_BARS = ['#58a6ff', '#6e7681', '#bb8009', '#bc8cff', '#3fb950'];

/** Readable on white and on black paper, whichever the reader's system prefers. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; }
  .title { font-size: 16px; font-weight: 600; }
  .section { font-size: 14px; font-weight: 600; }
  .group { font-weight: 600; }
  .spread { stroke-width: 1.4; fill: none; }
  .goal { stroke-width: 2; }
${colours(LIGHT, LIGHT_BARS)}
  @media (prefers-color-scheme: dark) {
${colours(DARK, DARK_BARS)}
  }`;

/** A chart as SVG text without any script or outside reference: rows of a label, a bar with its spread, and a figure. */
export function svgBars(chart: BarChart): string {
  const rows: string[] = [];
  let y = TITLE_HEIGHT;
  for (const section of chart.sections) y = drawSection(section, y, rows);
  const height = y + MARGIN;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(chart.title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    text(MARGIN, 26, chart.title, 'title'),
    ...rows,
    '</svg>',
  ].join('\n')}\n`;
}

/** Adds the section's elements to `rows`, and returns where it ends. */
function drawSection({ title, note, groups }: BarSection, top: number, rows: string[]): number {
  rows.push(text(MARGIN, top + 22, title, 'section'), text(MARGIN, top + 40, note, 'quiet'));
  let y = top + SECTION_HEAD;
  for (const group of groups) y = drawGroup(group, y, rows) + GROUP_GAP;
  return y;
}

function drawGroup(group: BarGroup, top: number, rows: string[]): number {
  let y = top;
  if (group.title !== '') {
    rows.push(text(MARGIN, y + 15, group.title, 'group'));
    y += GROUP_HEAD;
  }
  const end = scaleEnd(group);
  for (const bar of group.bars) {
    drawBar(bar, y, end, rows);
    y += ROW_HEIGHT;
  }
  return y;
}

function drawBar(
  { label, value, spread, text: figure, goal, colour }: Bar,
  top: number,
  end: number,
  rows: string[],
): void {
  const xOf = (at: number): number => LEFT + (Math.min(at, end) / end) * BAR_WIDTH;
  const y = top + (ROW_HEIGHT - BAR_HEIGHT) / 2;
  const middle = top + ROW_HEIGHT / 2;
  const baseline = middle + 4;
  const shown = fixed(xOf(value) - LEFT);
  rows.push(
    `<text x="${LEFT - 8}" y="${baseline}" text-anchor="end">${escaped(label)}</text>`,
    `<rect class="b${colour % LIGHT_BARS.length}" x="${LEFT}" y="${y}" width="${shown}" height="${BAR_HEIGHT}"/>`,
  );
  let right = xOf(value * (1 + spread));
  if (value > end) {
    right = LEFT + BAR_WIDTH + 10;
    rows.push(
      `<path class="b${colour % LIGHT_BARS.length}" d="M${right - 10} ${y}l10 ${BAR_HEIGHT / 2}l-10 ${BAR_HEIGHT / 2}z"/>`,
    );
  } else {
    const [from, to] = [fixed(xOf(value * (1 - spread))), fixed(right)];
    rows.push(`<path class="spread" d="M${from} ${middle}H${to}M${from} ${middle - 3}v6M${to} ${middle - 3}v6"/>`);
  }
  if (goal !== undefined) {
    const x = fixed(xOf(goal));
    rows.push(`<line class="goal" x1="${x}" x2="${x}" y1="${top + 1}" y2="${top + ROW_HEIGHT - 1}"/>`);
    // A figure beside its goal line stands behind the line.
    if (xOf(goal) > right - 4 && xOf(goal) < right + 8 + figure.length * CHARACTER_WIDTH) right = xOf(goal);
  }
  rows.push(text(right + 8, baseline, figure));
}

function text(x: number, y: number, content: string, className?: string): string {
  const classText = className === undefined ? '' : ` class="${className}"`;
  return `<text${classText} x="${fixed(x)}" y="${fixed(y)}">${escaped(content)}</text>`;
}

function colours({ paper, ink, quiet, goal }: typeof LIGHT, bars: readonly string[]): string {
  return [
    `    .paper { fill: ${paper}; }`,
    `    text { fill: ${ink}; }`,
    `    .quiet { fill: ${quiet}; }`,
    `    .spread { stroke: ${ink}; }`,
    `    .goal { stroke: ${goal}; }`,
    ...bars.map((colour, index) => `    .b${index} { fill: ${colour}; }`),
  ].join('\n');
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
