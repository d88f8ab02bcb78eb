import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const MAIN = fileURLToPath(new URL('../../mock-providers/main.ts', import.meta.url));

/** A mock provider in a process of its own that can be killed and started again at the same address. */
export class ProviderProcess {
  readonly port: number;
  /** Times it was killed. */
  kills = 0;
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;
  #isListening = false;

  private constructor(port: number, command: readonly string[]) {
    this.port = port;
    this.#command = command;
  }

  /**
   * Starts one on a free port. It stops with this process at the latest.
   *
   * @param command the file and words to start it with, default the mock provider. It is told `--port`, says `ready` when
   *   it listens, and ends with its standard input.
   */
  static async start(command: readonly string[] = [MAIN, '--quiet', '--exit-with-stdin']): Promise<ProviderProcess> {
    const provider = new ProviderProcess(await freePort(), command);
    await provider.restart();
    return provider;
  }

  get address(): string {
    return `dubbo://127.0.0.1:${this.port}`;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** SIGKILL, as the system does to who eats all memory: no READONLY, no answer, no FIN of its own. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    this.#isListening = false;
    this.kills++;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Starts it again after `kill`, and waits until it listens. */
  async restart(): Promise<void> {
    const words = ['--import', 'tsx', ...this.#command, '--port', String(this.port)];
    const child = spawn(process.execPath, words, { stdio: 'pipe' });
    this.#child = child;
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += String(text);
    });
    child.stderr.on('data', (text: Buffer) => {
      said += String(text);
    });
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    await until(() => said.includes('ready') || hasEnded(), 'a provider that listens');
    if (this.#child !== child) return;
    if (hasEnded()) throw new Error(`the provider on port ${this.port} ended: ${said}`);
    this.#isListening = true;
  }
}
