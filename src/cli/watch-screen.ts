import type { Terminal } from './terminal.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Lines that are too long end at the edge; wrapped ones would move all below them. */
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';
const HOME = '\u001b[H';
const CLEAR = '\u001b[2J';
/** Before a line, since after one that fills its row it would take the last character. */
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** Draws text in place of what it drew before, without flicker. `close` must be called in the end. */
export class WatchScreen {
  readonly #terminal: Terminal;
  #isOpen = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows these lines; what the terminal has no rows for is left out. */
  draw(lines: readonly string[]): void {
    const start = this.#isOpen ? HOME : `${HIDE_CURSOR}${NO_WRAP}${CLEAR}${HOME}`;
    this.#isOpen = true;
    const shown = lines.slice(0, Math.max(this.#terminal.rows - 1, 1));
    this.#terminal.out(`${start}${shown.map((line) => `${CLEAR_LINE}${line}\n`).join('')}${CLEAR_BELOW}`);
  }

  /** Gives the cursor and wrapping back. What was drawn stays. */
  close(): void {
    if (this.#isOpen) this.#terminal.out(`${WRAP}${SHOW_CURSOR}`);
    this.#isOpen = false;
  }
}
