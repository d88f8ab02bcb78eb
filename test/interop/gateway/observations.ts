import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INTEROP_FOLDER } from '../peers/paths.ts';

const README = join(INTEROP_FOLDER, 'README.md');
/** Longer texts are cut to the second number of characters. */
const MAX_CELL = 80;
const CUT_CELL = 56;

/** What the tests of one section saw of one provider: the rows of a table in README.md. */
export class Observations {
  readonly #section: string;
  readonly #columns: readonly string[];
  readonly #rows: (readonly string[])[] = [];

  /** @param section names the table in README.md, which stands between two comments with that name */
  constructor(section: string, columns: readonly string[]) {
    this.#section = section;
    this.#columns = columns;
  }

  /** Adds a row; to be called when the test has found nothing wrong with it. */
  saw(...cells: readonly string[]): void {
    assert.equal(cells.length, this.#columns.length);
    this.#rows.push(cells);
  }

  /** Compares the table with README.md, or with UPDATE_DOCS=1 writes it there. */
  check(): void {
    const before = `<!-- observed: ${this.#section} -->\n`;
    const after = `\n<!-- end of ${this.#section} -->`;
    const text = readFileSync(README, 'utf8');
    const start = text.indexOf(before);
    const end = text.indexOf(after);
    assert.ok(start !== -1 && end > start, `README.md has no place for "${this.#section}"`);
    const table = this.#table();
    if (process.env.UPDATE_DOCS === '1') {
      writeFileSync(README, text.slice(0, start + before.length) + table + text.slice(end));
    } else {
      const message = 'test/interop/README.md does not say what was seen; UPDATE_DOCS=1 npm run test:interop writes it';
      assert.equal(text.slice(start + before.length, end), table, message);
    }
  }

  #table(): string {
    const lines = [this.#columns, this.#columns.map(() => '---'), ...this.#rows];
    return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  }
}

/** Text as it was sent or received, for a cell: long text is cut, what nobody can see is escaped. */
export function verbatim(text: string): string {
  const shown = text.length > MAX_CELL ? `${cut(text)}... (${text.length} characters)` : text;
  if (shown === '') return '';
  const printable = [...shown].map((character) =>
    /[\p{C}\u2028\u2029]/u.test(character) ? escaped(character) : character,
  );
  const safe = printable.join('').replaceAll('|', '\\|');
  return safe.includes('`') ? `\`\` ${safe} \`\`` : `\`${safe}\``;
}

/** Not in the middle of a surrogate pair. */
function cut(text: string): string {
  return text.slice(0, /[\ud800-\udbff]/.test(text.charAt(CUT_CELL - 1)) ? CUT_CELL - 1 : CUT_CELL);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
