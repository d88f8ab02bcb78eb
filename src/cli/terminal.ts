/** What a command may use of the outside; tests hand in their own. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Whether colours may be used: standard output is a terminal and NO_COLOR is not set. */
  readonly color: boolean;
  /** Whether standard output is a terminal, and no pipe or file. */
  readonly isTerminal: boolean;
  /** Size of the terminal at the moment; of a pipe or file, what is usual. */
  readonly columns: number;
  readonly rows: number;
  readonly environment: NodeJS.ProcessEnv;
  /** A path as people want to see it: relative to the working directory where that is shorter. */
  relative(path: string): string;
  /**
   * From now on, Ctrl-C and SIGTERM do not end the process but abort this signal, the first time; so does a reader of
   * standard output that goes away.
   */
  interruption(): AbortSignal;
}

/** Wrong words on the command line: the message is shown with a hint at the help, and the exit code is 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Exit codes, as the help says. */
export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** Text in columns, two spaces between them. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

export function bold(terminal: Terminal, text: string): string {
  return terminal.color ? `\u001b[1m${text}\u001b[0m` : text;
}
