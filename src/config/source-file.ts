import { LineCounter } from 'yaml';

/** A file of the configuration: finds lines and columns, and shows lines with secrets masked. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
  readonly lines: LineCounter;
  /** Ranges of the text that are secrets written in clear: start and end offset. */
  readonly secretRanges: (readonly [start: number, end: number])[];
}

/** Line and column of an offset, both from 1. */
export interface LinePosition {
  readonly line: number;
  readonly column: number;
}

/** A file whose lines are not counted yet; the YAML parser fills `lines` as it reads. */
export function createSourceFile(name: string, text: string): SourceFile {
  return { name, text, lines: new LineCounter(), secretRanges: [] };
}

/** Where an offset is. */
export function positionAt(file: SourceFile, offset: number): LinePosition {
  const { line, col } = file.lines.linePos(Math.min(offset, file.text.length));
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Longest excerpt that is shown. */
const MAX_EXCERPT = 160;

/** The line an offset is in, cut at 160 characters, secrets written in clear replaced by asterisks. */
export function excerptAt(file: SourceFile, offset: number): string {
  const { column } = positionAt(file, offset);
  const start = Math.min(offset, file.text.length) - (column - 1);
  let [line = ''] = file.text.slice(start, start + MAX_EXCERPT).split('\n', 1);
  const end = start + line.length;
  for (const [from, to] of file.secretRanges) {
    const first = Math.max(from, start) - start;
    const last = Math.min(to, end) - start;
    if (first < last) line = line.slice(0, first) + '*'.repeat(last - first) + line.slice(last);
  }
  return line.trimEnd();
}
