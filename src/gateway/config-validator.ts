import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ValidationAnswer } from '../admin/answers/config-answers.ts';
import { GatewayError } from '../errors/gateway-error.ts';

/** Most memory in MiB and time in ms for one check. A large configuration takes some seconds. */
const MAX_HEAP_MIB = 512;
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Checks texts of configurations in a process of its own, one at a time: some texts keep a processor busy for seconds,
 * and requests are served meanwhile. The process has no environment, and its memory and time are bounded.
 */
export class ConfigValidator {
  readonly #timeoutMs: number;
  #child: ChildProcess | undefined;

  constructor(timeoutMs = DEFAULT_TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs;
  }

  /** Rejects with GatewayError RATE_LIMITED while another text is checked, REQUEST_INVALID for one that takes too much. */
  validate(text: string): Promise<ValidationAnswer> {
    if (this.#child !== undefined) {
      const detail = 'Another configuration is being checked; try again when that has ended.';
      return Promise.reject(new GatewayError('RATE_LIMITED', detail, { headers: { 'retry-after': '1' } }));
    }
    const child = fork(entryPath(), {
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [...process.execArgv, `--max-old-space-size=${MAX_HEAP_MIB}`],
    });
    this.#child = child;
    return new Promise((resolve, reject) => {
      let answer: ValidationAnswer | undefined;
      const deadline = setTimeout(() => child.kill('SIGKILL'), this.#timeoutMs);
      const end = (error: Error): void => {
        clearTimeout(deadline);
        this.#child = undefined;
        if (answer === undefined) reject(error);
        else resolve(answer);
      };
      child.once('message', (message) => {
        answer = message as ValidationAnswer;
      });
      child.once('error', end);
      child.once('close', () => end(tooComplex()));
      // Where the process has ended already, its end says what there is to say.
      child.send(text, () => {});
    });
  }

  /** Ends the check that is under way. */
  close(): void {
    this.#child?.kill('SIGKILL');
  }
}

function tooComplex(): GatewayError {
  return new GatewayError('REQUEST_INVALID', 'The configuration takes too much time or memory to be checked here.');
}

/** Beside this file, and of its kind: compiled or not. */
function entryPath(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./validation-process.${extension}`, import.meta.url));
}
