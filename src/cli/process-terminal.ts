import { relative } from 'node:path';
import type { Terminal } from './terminal.ts';

/** Columns where standard output is no terminal: wide enough to cut little. */
const COLUMNS_WITHOUT_TERMINAL = 160;
const USUAL_COLUMNS = 80;
const USUAL_ROWS = 24;

/** The terminal, pipe or file of this process. To be made once. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const isTerminal = stdout.isTTY === true;
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has what it wanted, as `head` has. It is no reason for a stack trace.
    if (error.code !== 'EPIPE') throw error;
    interrupt();
  });
  return {
    out: (text) => stdout.write(text),
    error: (text) => stderr.write(text),
    color: isTerminal && !env.NO_COLOR,
    isTerminal,
    get columns() {
      return isTerminal ? stdout.columns || USUAL_COLUMNS : COLUMNS_WITHOUT_TERMINAL;
    },
    get rows() {
      return stdout.rows || USUAL_ROWS;
    },
    environment: env,
    relative: (path) => {
      const short = relative(process.cwd(), path);
      return short !== '' && short.length < path.length ? short : path;
    },
    interruption: () => {
      // Once: a second signal ends the process as it does by default, whatever still runs.
      process.once('SIGINT', interrupt);
      process.once('SIGTERM', interrupt);
      return interruption.signal;
    },
  };
}
