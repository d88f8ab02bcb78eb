import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { LineCutter } from './line-cutter.ts';
import type { PrimaryMessage, WorkerMessage } from './worker-messages.ts';

/** How a process ended: its exit code, or the signal that ended it. */
export interface ProcessEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

/** A process of a group, as its primary sees it. */
export interface ServingProcess {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Where it has ended already, its end says what there is to say. */
  send(message: PrimaryMessage): void;
  /** Ends it at once. */
  kill(): void;
}

/** Who wants to know of a process. */
export interface ProcessHooks {
  onMessage(message: WorkerMessage): void;
  /** Whole lines of its standard output. */
  onLines(lines: Buffer): void;
  /** Called once, after everything else. */
  onEnd(end: ProcessEnd): void;
}

/**
 * One worker as a process of this one. Its connections are handed to it in turn with those of the other workers. What it
 * writes to standard output comes through here, since lines of several processes in one pipe could be torn.
 */
export class WorkerProcess implements ServingProcess {
  readonly #worker: Worker;
  #hasEnded = false;

  /** Starts it. */
  constructor(hooks: ProcessHooks) {
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({
      exec: entryPath(),
      args: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const worker = cluster.fork();
    this.#worker = worker;
    const cutter = new LineCutter();
    worker.process.stdout?.on('data', (bytes: Buffer) => {
      const lines = cutter.push(bytes);
      if (lines !== undefined) hooks.onLines(lines);
    });
    worker.on('message', (message) => hooks.onMessage(message as WorkerMessage));
    const end = (exitCode: number | null, signal: NodeJS.Signals | null): void => {
      if (this.#hasEnded) return;
      this.#hasEnded = true;
      hooks.onEnd({ exitCode: exitCode ?? undefined, signal: signal ?? undefined });
    };
    worker.process.once('close', end);
    // It could not be started, or its channel broke.
    worker.on('error', () => {
      if (this.pid === undefined) end(null, null);
    });
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  send(message: PrimaryMessage): void {
    this.#worker.process.send?.(message, () => {});
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }
}

/** Beside this file, and of its kind. */
function entryPath(): string {
  const kind = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./worker-entry.${kind}`, import.meta.url));
}
