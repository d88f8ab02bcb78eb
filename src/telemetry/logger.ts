import { pino } from 'pino';
import { createLogSink, type LogSink } from './log-sink.ts';
import { escapeInvisible } from './log-text.ts';
import { timestamp } from './timestamp.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Further members of a log line. `err` takes an Error and is written with its class, message and stack. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes JSON lines: `level`, `time` (ISO 8601 in UTC), the given fields and `msg`. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Whether lines of level info are written; asked before a request line is made. */
  readonly infoEnabled: boolean;
  /** Lines that were lost because the reader of the log is too slow. */
  readonly droppedLines: number;
  /** Writes a finished line, which must end with a line feed. */
  writeLine(line: string): void;
  setLevel(level: LogLevel): void;
  /** Writes what is in memory before it returns. */
  flushSync(): void;
  /** Writes what is in memory and stops. */
  close(): Promise<void>;
}

export interface LoggerOptions {
  /** Least level that is written. */
  readonly level: LogLevel;
  /** Where lines go; default standard output. */
  readonly sink?: LogSink;
  /** Wall clock in ms since 1970; default that of the machine. */
  readonly wallMs?: () => number;
}

export function createLogger(options: LoggerOptions): Logger {
  return new PinoLogger(options);
}

class PinoLogger implements Logger {
  readonly #sink: LogSink;
  readonly #pino;

  constructor({ level, sink = createLogSink(1), wallMs = Date.now }: LoggerOptions) {
    this.#sink = sink;
    this.#pino = pino(
      {
        level,
        base: null,
        timestamp: () => `,"time":"${timestamp(wallMs())}"`,
        formatters: { level: (label) => ({ level: label }) },
      },
      { write: (line) => sink.write(escapeInvisible(line)) },
    );
  }

  debug(message: string, fields?: LogFields): void {
    this.#pino.debug(fields, message);
  }

  info(message: string, fields?: LogFields): void {
    this.#pino.info(fields, message);
  }

  warn(message: string, fields?: LogFields): void {
    this.#pino.warn(fields, message);
  }

  error(message: string, fields?: LogFields): void {
    this.#pino.error(fields, message);
  }

  get infoEnabled(): boolean {
    return this.#pino.isLevelEnabled('info');
  }

  get droppedLines(): number {
    return this.#sink.droppedLines ?? 0;
  }

  writeLine(line: string): void {
    this.#sink.write(line);
  }

  setLevel(level: LogLevel): void {
    this.#pino.level = level;
  }

  flushSync(): void {
    this.#sink.flushSync();
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}
