/**
 * Text from elsewhere on a terminal: without anything that could move the cursor, change colours or turn the direction
 * of writing, and cut to a number of columns. A Chinese, Japanese or Korean character takes two columns.
 */

const BLANKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Controls, invisible formatting (direction marks among them), halves of surrogate pairs. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
/** A text of nothing but these takes as many columns as it has characters. */
const ASCII_ONLY = /^[ -~]*$/;
const MARK = /^\p{M}$/u;
const CUT = '...';

/** First and last code points of characters that take two columns (East Asian Width W and F, emoji). */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** The text in one line: tabs and line ends become a space, other control and invisible characters are left out. */
export function printable(text: string): string {
  return ASCII_ONLY.test(text) ? text : text.replace(BLANKS, ' ').replace(INVISIBLE, '');
}

/** Columns that a printable text takes. */
export function displayWidth(text: string): number {
  if (ASCII_ONLY.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text, cut at its end to so many columns; three dots say that it was cut. */
export function shortenEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns <= CUT.length) return CUT.slice(0, Math.max(columns, 0));
  return `${headOf(text, columns - CUT.length)}${CUT}`;
}

/** The text, cut in its middle to so many columns: of a method key, the method at its end says more than the package. */
export function shortenMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const left = columns - CUT.length;
  if (left < 2) return shortenEnd(text, columns);
  const head = headOf(text, Math.floor(left / 3));
  return `${head}${CUT}${tailOf(text, left - displayWidth(head))}`;
}

/**
 * A method key and the reason beside it, cut to so many columns together. The key has half of them at least, and what the
 * reason leaves.
 */
export function shareColumns(key: string, reason: string, columns: number): [key: string, reason: string] {
  const most = Math.max(Math.floor(columns / 2), columns - displayWidth(reason));
  const shortKey = shortenMiddle(key, most);
  return [shortKey, shortenEnd(reason, columns - displayWidth(shortKey))];
}

/** The text with spaces behind it, so many columns in all. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(columns - displayWidth(text), 0));
}

function headOf(text: string, columns: number): string {
  let head = '';
  let left = columns;
  for (const character of text) {
    left -= characterWidth(character);
    if (left < 0) break;
    head += character;
  }
  return head;
}

function tailOf(text: string, columns: number): string {
  let tail = '';
  let left = columns;
  for (const character of [...text].reverse()) {
    left -= characterWidth(character);
    if (left < 0) break;
    tail = character + tail;
  }
  return tail;
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (MARK.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
