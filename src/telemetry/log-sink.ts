import { closeSync, openSync, write, writeSync } from 'node:fs';

/** Where log lines go. */
export interface LogSink {
  /** Takes a line, which ends with a line feed. Never throws and never waits. */
  write(line: string): void;
  /** Writes what is in memory before it returns; waits up to a second for a reader that is behind. */
  flushSync(): void;
  /** Writes what is in memory and stops. Lines after it are dropped. */
  close(): Promise<void>;
}

/** Characters gathered before they are handed to the operating system: one write for about a hundred request lines. */
const GATHER_LENGTH = 32 * 1024;
/** Longest time in ms that a line waits in memory. */
const FLUSH_INTERVAL_MS = 100;
/** Characters held while the reader of the log is stuck; further lines are dropped and counted. */
const MAX_HELD_LENGTH = 16 * 1024 * 1024;
/** Pause in ms before another try where the reader is behind. */
const RETRY_MS = 10;
/** Tries of `flushSync` before it gives up: a second in all. */
const MAX_SYNC_TRIES = 100;

/**
 * A sink that gathers lines and writes them outside the event loop: a request costs no system call, and a reader that
 * is stuck costs memory up to a limit and then lines, never the event loop. What is in memory is also written when the
 * process ends by itself, by `process.exit` or by an uncaught error.
 *
 * @param target a file descriptor, such as 1 for standard output, or the path of a file to append to
 */
export function createLogSink(target: number | string): LogSink {
  return new GatheringSink(target);
}

class GatheringSink implements LogSink {
  readonly #descriptor: number;
  readonly #ownsDescriptor: boolean;
  readonly #timer: NodeJS.Timeout;
  #pending = '';
  /** What the operating system was given and has not yet confirmed. */
  #inFlight: Buffer | undefined;
  #droppedLines = 0;
  #closed = false;
  #onIdle: (() => void) | undefined;

  constructor(target: number | string) {
    this.#ownsDescriptor = typeof target === 'string';
    this.#descriptor = typeof target === 'string' ? openSync(target, 'a') : target;
    this.#timer = setInterval(() => this.#flush(), FLUSH_INTERVAL_MS);
    this.#timer.unref();
    process.once('exit', this.#onExit);
  }

  write(line: string): void {
    if (this.#closed) return;
    if (this.#pending.length > MAX_HELD_LENGTH) {
      this.#droppedLines += 1;
      return;
    }
    this.#pending += line;
    if (this.#pending.length >= GATHER_LENGTH) this.#flush();
  }

  flushSync(): void {
    // A write under way cannot be waited for here; a short pause lets its thread end first, so that lines keep order.
    if (this.#inFlight !== undefined) pause(RETRY_MS);
    let rest = Buffer.from(this.#takePending());
    for (let tries = 0; rest.length > 0 && tries < MAX_SYNC_TRIES; ) {
      try {
        rest = rest.subarray(writeSync(this.#descriptor, rest));
      } catch (error) {
        if (!isBehind(error)) return;
        tries += 1;
        pause(RETRY_MS);
      }
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#flush();
    if (this.#inFlight !== undefined) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    process.removeListener('exit', this.#onExit);
    if (this.#ownsDescriptor) closeSync(this.#descriptor);
  }

  readonly #onExit = (): void => this.flushSync();

  #flush(): void {
    if (this.#inFlight !== undefined) return;
    const text = this.#takePending();
    if (text === '') this.#onIdle?.();
    else this.#writeOut(Buffer.from(text));
  }

  #takePending(): string {
    const text = this.#pending;
    this.#pending = '';
    if (this.#droppedLines === 0) return text;
    const lost = this.#droppedLines;
    this.#droppedLines = 0;
    return `${text}{"time":"${new Date().toISOString()}","level":"warn","msg":"log lines dropped: the reader of the log is too slow","lines":${lost}}\n`;
  }

  #writeOut(bytes: Buffer): void {
    this.#inFlight = bytes;
    write(this.#descriptor, bytes, 0, bytes.length, null, this.#onWritten);
  }

  readonly #onWritten = (error: Error | null, written: number): void => {
    const bytes = this.#inFlight!;
    if (error !== null && isBehind(error)) {
      setTimeout(() => this.#writeOut(bytes), RETRY_MS);
      return;
    }
    this.#inFlight = undefined;
    // A reader that has gone for good must not end the gateway: its lines are lost, requests are served.
    if (error === null && written < bytes.length) this.#writeOut(bytes.subarray(written));
    else if (this.#pending.length >= GATHER_LENGTH || this.#closed) this.#flush();
  };
}

function isBehind(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
