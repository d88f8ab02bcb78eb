import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** Node is run, with what ends it when the benchmark is gone. */
export interface NodeProgram {
  /** Arguments of node. */
  readonly nodeArguments: readonly string[];
}

/** Another program than node is run. */
export interface OtherProgram {
  /** The program and its arguments. It ends by itself when its standard input is closed. */
  readonly commandLine: readonly string[];
}

export type ServerProgram = NodeProgram | OtherProgram;

/** How to start a process of a benchmark. */
export type ServerCommand = ServerProgram & ServerPlace;

/** Where a process of a benchmark is started. */
export interface ServerPlace {
  readonly name: string;
  /** Words in front of the program's, to pin it to a core. */
  readonly pin: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Flags of V8, where node is run. */
  readonly engineFlags?: readonly string[];
  /** Open a channel for messages (`process.send`). */
  readonly withChannel?: boolean;
}

const PRELOAD = new URL('end-with-parent.js', import.meta.url).href;
const STOP_WAIT_MS = 5_000;
const MAX_ERROR_TEXT = 4_000;

const running = new Set<ServerProcess>();

// Whatever ends the benchmark, nothing it started outlives it.
process.on('exit', () => {
  for (const server of running) server.kill();
});

/** Stops all processes that still run. */
export async function stopAllServers(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}

/**
 * A process of a benchmark. Standard output goes nowhere, as that of a measured server must cost the benchmark nothing;
 * of standard error the last 4,000 characters are kept for the message when it fails.
 */
export class ServerProcess {
  readonly name: string;
  readonly pid: number;
  readonly child: ChildProcess;
  #errorText = '';
  #stopping = false;
  readonly #ended: Promise<void>;

  constructor(command: ServerCommand) {
    const { name, pin, folder, environment, withChannel = false } = command;
    const [program, ...words] = [...pin, ...commandLineOf(command)] as [string];
    this.name = name;
    this.child = spawn(program, words, {
      cwd: folder,
      env: { ...process.env, NODE_ENV: 'production', ...environment },
      stdio: withChannel ? ['pipe', 'ignore', 'pipe', 'ipc'] : ['pipe', 'ignore', 'pipe'],
      // A group of its own: Ctrl-C is for the benchmark, which then stops its processes one by one.
      detached: true,
    });
    if (this.child.pid === undefined) throw new Error(`${name} cannot be started: ${program}`);
    this.pid = this.child.pid;
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errorText = (this.#errorText + text).slice(-MAX_ERROR_TEXT);
    });
    this.#ended = new Promise((resolve) => {
      this.child.once('exit', () => {
        running.delete(this);
        resolve();
      });
    });
    running.add(this);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Throws when the process has ended by itself, with what it wrote to standard error. */
  checkRunning(): void {
    if (this.isRunning || this.#stopping) return;
    const how = this.child.signalCode ?? `exit code ${this.child.exitCode}`;
    throw new Error(`${this.name} ended (${how}):\n${this.#errorText.trim() || 'it wrote nothing to standard error'}`);
  }

  /** Resolves when `isReady` first answers true; throws when that takes longer than `waitMs` or the process ends. */
  async untilReady(isReady: () => Promise<boolean>, waitMs: number): Promise<void> {
    const deadlineMs = Date.now() + waitMs;
    while (!(await isReady())) {
      this.checkRunning();
      if (Date.now() > deadlineMs) {
        throw new Error(`${this.name} was not ready within ${waitMs} ms\n${this.#errorText.trim()}`.trim());
      }
      await delay(50);
    }
  }

  /** SIGTERM, and SIGKILL when that was not enough. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (!this.isRunning) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), STOP_WAIT_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#stopping = true;
    this.child.kill('SIGKILL');
  }
}

function commandLineOf(command: ServerCommand): readonly string[] {
  if ('commandLine' in command) return command.commandLine;
  const { engineFlags = [], nodeArguments } = command;
  return [process.execPath, ...engineFlags, '--import', PRELOAD, ...nodeArguments];
}
