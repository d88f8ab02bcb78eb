import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ConfigTask, READY } from './config-task.ts';

/** Bounds of one task. */
export interface ConfigProcessLimits {
  readonly maxHeapMib: number;
  readonly timeoutMs: number;
}

/**
 * Does one task in a process of its own: to read a large configuration keeps a processor busy for seconds, and requests
 * are served meanwhile. Memory and time of the process are bounded.
 */
export class ConfigProcess {
  readonly #child: ChildProcess;
  /** Resolves when the process has ended by itself; rejects with an Error when it could not do its task. */
  readonly ended: Promise<void>;

  /** @param onMessage hears of each message of the process */
  constructor(
    task: ConfigTask,
    environment: NodeJS.ProcessEnv,
    { maxHeapMib, timeoutMs }: ConfigProcessLimits,
    onMessage: (message: unknown) => void,
  ) {
    const child = fork(entryPath(), {
      env: environment,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [...nodeOptions(), `--max-old-space-size=${maxHeapMib}`],
      serialization: 'advanced',
    });
    this.#child = child;
    const deadline = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('message', (message) => {
      if (message !== READY) onMessage(message);
      // Where the process has ended already, its end says what there is to say.
      else child.send(task, () => {});
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(deadline);
        if (code === 0) resolve();
        else reject(new Error('the process that reads configurations took too much time or memory'));
      });
    });
  }

  /** Ends the task that is under way. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

const IS_COMPILED = !import.meta.url.endsWith('.ts');

/** Beside this file, and of its kind. */
function entryPath(): string {
  return fileURLToPath(new URL(`./config-process-entry.${IS_COMPILED ? 'js' : 'ts'}`, import.meta.url));
}

/** What this process was told, such as what to load or to profile, is nothing to the other, unless it cannot run without. */
function nodeOptions(): readonly string[] {
  return IS_COMPILED ? [] : process.execArgv;
}
