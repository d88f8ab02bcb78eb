import { closeSync, openSync, write, writeSync } from 'node:fs';

/** Where log lines go. */
export interface LogSink {
  /** Lines that were dropped because the reader of the log is too slow; default 0. */
  readonly droppedLines?: number;
  /** Takes a line, which ends with a line feed. Never throws and never waits. */
  write(line: string): void;
  /** Writes what is in memory before it returns; waits up to a second for a reader that is behind. */
  flushSync(): void;
  /** Writes what is in memory and stops. Lines after it are dropped. */
  close(): Promise<void>;
}

/** A sink that takes lines of other processes too. */
export interface LineSink extends LogSink {
  /** Takes whole lines, all of them or none; nobody may change the bytes after that. Never throws and never waits. */
  writeLines(lines: Buffer): void;
}

/** Bytes gathered before they are handed to the operating system: one write for about two hundred request lines. */
const CHUNK_BYTES = 64 * 1024;
/** Most bytes of a character of a JavaScript string in UTF-8. */
const MAX_BYTES_PER_CHARACTER = 3;
/** Longest time in ms that a line waits in memory. */
const FLUSH_INTERVAL_MS = 100;
/** Bytes held while the reader of the log is stuck; further lines are dropped and counted. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
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
 * @param worker number of this process in its group, which becomes the first member of each line; undefined outside of one
 */
export function createLogSink(target: number | string, worker?: number): LineSink {
  return new GatheringSink(target, worker === undefined ? '' : `{"worker":${worker},`);
}

const LINE_FEED = 10;

class GatheringSink implements LineSink {
  readonly #descriptor: number;
  readonly #ownsDescriptor: boolean;
  readonly #timer: NodeJS.Timeout;
  /** Stands for the brace that a line begins with; empty where it begins with that. */
  readonly #start: string;
  /** Lines are encoded where they will be written from: text that waits would be moved about by the collector. */
  #chunk: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #chunkBytes = 0;
  #spareChunk: Buffer | undefined;
  /** The memory of chunks, which is used again, unlike that of lines of others. */
  readonly #chunkMemory = new WeakSet<ArrayBufferLike>();
  /** What waits behind the write in flight. */
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  /** What the operating system was given and has not yet confirmed. */
  #inFlight: Buffer | undefined;
  #droppedLines = 0;
  /** Those of them that are told of in the log already. */
  #reportedDrops = 0;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  constructor(target: number | string, start: string) {
    this.#start = start;
    this.#chunkMemory.add(this.#chunk.buffer);
    this.#ownsDescriptor = typeof target === 'string';
    this.#descriptor = typeof target === 'string' ? openSync(target, 'a') : target;
    this.#timer = setInterval(() => this.#flush(), FLUSH_INTERVAL_MS);
    this.#timer.unref();
    process.once('exit', this.#onExit);
  }

  get droppedLines(): number {
    return this.#droppedLines;
  }

  write(line: string): void {
    if (this.#isClosed) return;
    if (this.#queuedBytes >= MAX_HELD_BYTES) {
      this.#droppedLines += 1;
      return;
    }
    this.#append(this.#start === '' ? line : this.#start + line.slice(1));
  }

  writeLines(lines: Buffer): void {
    if (this.#isClosed) return;
    if (this.#queuedBytes >= MAX_HELD_BYTES) {
      this.#droppedLines += countOf(LINE_FEED, lines);
      return;
    }
    this.#seal();
    this.#enqueue(lines);
    this.#pump();
  }

  flushSync(): void {
    // A write under way cannot be waited for here; a short pause lets its thread end first, so that lines keep order.
    if (this.#inFlight !== undefined) pause(RETRY_MS);
    this.#seal();
    let rest = Buffer.concat(this.#queue.splice(0));
    this.#queuedBytes = 0;
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
    if (this.#isClosed) return;
    this.#isClosed = true;
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

  #append(line: string): void {
    const mostBytes = line.length * MAX_BYTES_PER_CHARACTER;
    if (this.#chunkBytes + mostBytes > CHUNK_BYTES) {
      this.#seal();
      if (mostBytes > CHUNK_BYTES) this.#enqueue(Buffer.from(line));
      this.#pump();
    }
    if (mostBytes <= CHUNK_BYTES) this.#chunkBytes += this.#chunk.write(line, this.#chunkBytes);
  }

  #flush(): void {
    this.#seal();
    this.#pump();
  }

  /** Puts the gathered lines in the queue, with a word about those that were lost before them. */
  #seal(): void {
    if (this.#chunkBytes > 0) {
      this.#enqueue(this.#chunk.subarray(0, this.#chunkBytes));
      this.#chunk = this.#spareChunk ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
      this.#chunkMemory.add(this.#chunk.buffer);
      this.#spareChunk = undefined;
      this.#chunkBytes = 0;
    }
    const lines = this.#droppedLines - this.#reportedDrops;
    if (lines > 0 && (this.#queuedBytes < MAX_HELD_BYTES || this.#isClosed)) {
      const time = new Date().toISOString();
      this.#reportedDrops = this.#droppedLines;
      const msg = 'log lines dropped: the reader of the log is too slow';
      const line = `${JSON.stringify({ level: 'warn', time, lines, msg })}\n`;
      this.#enqueue(Buffer.from(this.#start === '' ? line : this.#start + line.slice(1)));
    }
  }

  #enqueue(bytes: Buffer): void {
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
  }

  #pump(): void {
    if (this.#inFlight !== undefined) return;
    const bytes = this.#queue.shift();
    if (bytes === undefined) {
      this.#onIdle?.();
      return;
    }
    this.#queuedBytes -= bytes.length;
    this.#writeOut(bytes);
  }

  #writeOut(bytes: Buffer): void {
    this.#inFlight = bytes;
    write(this.#descriptor, bytes, 0, bytes.length, null, this.#onWritten);
  }

  readonly #onWritten = (error: Error | null, written: number): void => {
    const bytes = this.#inFlight!;
    if (error !== null && isBehind(error)) {
      setTimeout(() => this.#writeOut(bytes), RETRY_MS);
    } else if (error === null && written < bytes.length) {
      this.#writeOut(bytes.subarray(written));
    } else {
      // A reader that has gone for good must not end the gateway: its lines are lost, requests are served.
      this.#inFlight = undefined;
      if (this.#chunkMemory.has(bytes.buffer)) this.#spareChunk = Buffer.from(bytes.buffer);
      this.#pump();
    }
  };
}

function isBehind(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}

function countOf(byte: number, bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
