/** Ways to set text off on a terminal. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

/** The text in this style; as it is where colours are off or there is no style. */
export function paint(color: boolean, style: Style | undefined, text: string): string {
  return color && style !== undefined && text !== '' ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
}
