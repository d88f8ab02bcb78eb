import { paint, type Style } from './paint.ts';
import { displayWidth, padEnd } from './terminal-text.ts';

/** One cell: printable text, and how it is set off. */
export interface Cell {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** Spaces between two columns. */
export const COLUMN_GAP = 2;

/** Columns of the terminal that each column of the table takes. */
export function columnWidths(rows: readonly (readonly Cell[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text }] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, displayWidth(text));
  }
  return widths;
}

/** Lines of a table. Styles take no room, and nothing stands behind the last text of a line. */
export function tableLines(rows: readonly (readonly Cell[])[], color: boolean): string[] {
  const widths = columnWidths(rows);
  const gap = ' '.repeat(COLUMN_GAP);
  return rows.map((row) => {
    const last = row.findLastIndex(({ text }) => text !== '');
    return row
      .slice(0, last + 1)
      .map(({ text, style }, column) => {
        const padding = column === last ? '' : padEnd('', widths[column]! - displayWidth(text));
        return `${paint(color, style, text)}${padding}`;
      })
      .join(gap);
  });
}
