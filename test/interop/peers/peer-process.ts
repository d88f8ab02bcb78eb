import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program is ready after some seconds on an idle machine; Nacos needs 13, and a minute on half of a core. */
export const READY_WITHIN_MS = 180_000;
/** How long one that is told to end may take: Dubbo waits some seconds for its consumers. */
const GRACE_MS = 60_000;
const LOG_LIMIT = 64 * 1024;
const MAX_FREEZE_MS = 2_000;
const FREEZE_LOOK_MS = 10;

/** How a peer's program is started. */
export interface PeerCommand {
  /** Name for messages. */
  readonly name: string;
  readonly file: string;
  readonly arguments: readonly string[];
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it runs; default: where this process does. */
  readonly folder?: string;
  /** Whether it prints a line `READY` when it is ready; default true. If not, whoever starts it finds out. */
  readonly saysReady?: boolean;
}

/** The processes that still run; all are killed when this process ends. */
const running = new Set<ChildProcessWithoutNullStreams>();

process.once('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});

/**
 * One running peer program. Its standard input is an open pipe that never carries anything: the program ends when the
 * pipe closes, so that it does not outlive a test runner that was killed.
 */
export class PeerProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #name: string;
  readonly #closed: Promise<void>;
  #log = '';
  #onReady: (() => void) | undefined;

  private constructor(command: PeerCommand) {
    this.#name = command.name;
    this.#child = spawn(command.file, command.arguments, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...command.environment },
      ...(command.folder !== undefined && { cwd: command.folder }),
    });
    running.add(this.#child);
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.on('data', (chunk: Buffer) => this.#keep(chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => this.#keep(chunk));
    this.#closed = new Promise((resolve) => {
      this.#child.once('close', () => this.#forget(resolve));
      this.#child.once('error', (error) => {
        this.#log += `${error.message}\n`;
        this.#forget(resolve);
      });
    });
  }

  /**
   * Starts the program and waits for its line `READY`.
   *
   * @throws Error with the end of the program's log, when it ends or stays silent too long
   */
  static async start(command: PeerCommand): Promise<PeerProcess> {
    const peer = new PeerProcess(command);
    if (command.saysReady === false) return peer;
    try {
      await peer.#ready();
    } catch (error) {
      await peer.kill();
      throw error;
    }
    return peer;
  }

  /** The end of what the program printed, at most 64 KiB. */
  get log(): string {
    return this.#log;
  }

  get isRunning(): boolean {
    return running.has(this.#child);
  }

  /** Asks the program to end (SIGTERM) and waits; kills it when it is still there after `graceMs` milliseconds, by default 60,000. */
  async stop(graceMs = GRACE_MS): Promise<void> {
    this.resume();
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await this.#closed;
    clearTimeout(timer);
  }

  /** Asks the program to end (SIGTERM) and does not wait. */
  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  /** Ends the program at once (SIGKILL). */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /**
   * Stops the program where it is (SIGSTOP): its sockets stay open and nothing answers. The signal takes a moment to
   * reach every thread, and one that still runs may answer a call, so this waits until all have stopped.
   */
  async freeze(): Promise<void> {
    this.#child.kill('SIGSTOP');
    for (
      let waitedMs = 0;
      waitedMs < MAX_FREEZE_MS && !areThreadsStopped(this.#child.pid!);
      waitedMs += FREEZE_LOOK_MS
    ) {
      await sleep(FREEZE_LOOK_MS);
    }
  }

  /** Lets a frozen program go on. */
  resume(): void {
    this.#child.kill('SIGCONT');
  }

  #keep(chunk: Buffer): void {
    this.#log = (this.#log + chunk.toString('utf8')).slice(-LOG_LIMIT);
    if (this.#onReady !== undefined && /^READY\r?$/m.test(this.#log)) {
      this.#onReady();
      this.#onReady = undefined;
    }
  }

  #forget(closed: () => void): void {
    running.delete(this.#child);
    closed();
  }

  async #ready(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const outcome = await Promise.race([
      new Promise<'ready'>((resolve) => {
        this.#onReady = () => resolve('ready');
      }),
      this.#closed.then(() => 'ended' as const),
      new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), READY_WITHIN_MS);
      }),
    ]);
    clearTimeout(timer);
    if (outcome === 'ended') {
      throw new Error(`provider ${this.#name} ended before it was ready. Its log:\n${this.#log.slice(-4000)}`);
    }
    if (outcome === 'late') {
      throw new Error(
        `provider ${this.#name} was not ready after ${READY_WITHIN_MS} ms. Its log:\n${this.#log.slice(-4000)}`,
      );
    }
  }
}

/** Whether every thread of a process is in state T (proc(5)); where there is no /proc, never. */
function areThreadsStopped(pid: number): boolean {
  try {
    const tasks = `/proc/${pid}/task`;
    return readdirSync(tasks).every((task) =>
      / T /.test(readFileSync(`${tasks}/${task}/stat`, 'utf8').replace(/^.*\)/, '')),
    );
  } catch {
    return false;
  }
}
