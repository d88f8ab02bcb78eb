import { escapeInvisible } from '../telemetry/log-text.ts';
import type { AdminError } from './admin-failure.ts';
import { paint } from './paint.ts';
import { type StatusFrame, shownMethods, statusLines } from './status-view.ts';
import type { Terminal } from './terminal.ts';
import { WatchScreen } from './watch-screen.ts';

/** Where the status goes, poll by poll. `close` must be called in the end. */
export interface StatusOutput {
  /** @param json the answer as it came, with the methods of all pages */
  show(frame: StatusFrame, json: Readonly<Record<string, unknown>>): void;
  /** There was no answer this time; the next try follows. */
  trouble(error: AdminError): void;
  close(): void;
}

export interface StatusOutputOptions {
  readonly format: 'text' | 'json';
  readonly watch: boolean;
  /** Healthy methods too. */
  readonly all: boolean;
}

/** JSON lines, text after text, or a screen that is drawn anew, which only a terminal can. */
export function statusOutput(options: StatusOutputOptions, terminal: Terminal): StatusOutput {
  if (options.format === 'json') return new JsonOutput(terminal, options.all);
  return options.watch && terminal.isTerminal
    ? new ScreenOutput(terminal, options.all)
    : new TextOutput(terminal, options.all);
}

/** Says what is wrong on standard error: once, not with each try. */
class TroubleLog {
  readonly #terminal: Terminal;
  #last: string | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  note(error: AdminError): void {
    if (error.message !== this.#last) this.#terminal.error(`${error.message}; trying again\n`);
    this.#last = error.message;
  }

  clear(): void {
    this.#last = undefined;
  }
}

class JsonOutput implements StatusOutput {
  readonly #terminal: Terminal;
  readonly #all: boolean;
  readonly #troubles: TroubleLog;

  constructor(terminal: Terminal, all: boolean) {
    this.#terminal = terminal;
    this.#all = all;
    this.#troubles = new TroubleLog(terminal);
  }

  show({ wallMs }: StatusFrame, json: Readonly<Record<string, unknown>>): void {
    this.#troubles.clear();
    const methods = shownMethods(json.methods as { state: string; pinned: boolean }[], this.#all);
    const line = { at: new Date(wallMs).toISOString(), ...json, methods };
    this.#terminal.out(`${escapeInvisible(JSON.stringify(line))}\n`);
  }

  trouble(error: AdminError): void {
    this.#troubles.note(error);
  }

  close(): void {}
}

class TextOutput implements StatusOutput {
  readonly #terminal: Terminal;
  readonly #all: boolean;
  readonly #troubles: TroubleLog;
  #isFirst = true;

  constructor(terminal: Terminal, all: boolean) {
    this.#terminal = terminal;
    this.#all = all;
    this.#troubles = new TroubleLog(terminal);
  }

  show(frame: StatusFrame): void {
    this.#troubles.clear();
    const { columns, color } = this.#terminal;
    const lines = statusLines(frame, { columns, rows: undefined, color, all: this.#all, hint: '' });
    this.#terminal.out(`${this.#isFirst ? '' : '\n'}${lines.join('\n')}\n`);
    this.#isFirst = false;
  }

  trouble(error: AdminError): void {
    this.#troubles.note(error);
  }

  close(): void {}
}

class ScreenOutput implements StatusOutput {
  readonly #terminal: Terminal;
  readonly #all: boolean;
  readonly #screen: WatchScreen;
  #last: StatusFrame | undefined;

  constructor(terminal: Terminal, all: boolean) {
    this.#terminal = terminal;
    this.#all = all;
    this.#screen = new WatchScreen(terminal);
  }

  show(frame: StatusFrame): void {
    this.#last = frame;
    this.#screen.draw(this.#lines(frame, 1));
  }

  trouble(error: AdminError): void {
    const notice = paint(this.#terminal.color, 'red', `${error.message}; trying again`);
    const last = this.#last === undefined ? [] : ['', 'The last answer was:', ...this.#lines(this.#last, 4)];
    this.#screen.draw([notice, ...last]);
  }

  close(): void {
    this.#screen.close();
  }

  #lines(frame: StatusFrame, takenRows: number): string[] {
    const { columns, rows, color } = this.#terminal;
    const look = { columns, rows: rows - takenRows, color, all: this.#all, hint: 'Ctrl-C ends' };
    return statusLines(frame, look);
  }
}
