import { type ChildProcess, spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { builtCommand } from './built-package.ts';
import { until } from './until.ts';

const MAIN = await builtCommand();

/** `sluice` in a process of its own. */
export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** Waits until it listens, and gives the ports. */
  listening(): Promise<{ http: number; admin: number }>;
  /** Waits until it has ended; the exit code, or the signal that ended it. */
  ended(): Promise<number | NodeJS.Signals>;
}

/**
 * Starts `sluice` with these words; it is killed with the test if it still runs then.
 *
 * @param variables of the environment, beside those of this process
 */
export function startGatewayProcess(
  context: TestContext,
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): GatewayProcess {
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  });
  context.after(() => child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text: string) => {
      output[name] += text;
    });
  }
  let end: number | NodeJS.Signals | undefined;
  child.on('close', (code, signal) => {
    end = code ?? signal!;
  });
  const said = () => `stdout: ${output.stdout}\nstderr: ${output.stderr}`;
  return {
    child,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    listening: async () => {
      await until(() => output.stdout.includes('"listening"') || end !== undefined, 'a gateway that listens');
      const line = output.stdout.split('\n').find((text) => text.includes('"listening"'));
      if (line === undefined) throw new Error(`the gateway ended with ${end}\n${said()}`);
      const { http, admin } = JSON.parse(line) as { http: string; admin: string };
      return { http: portOf(http), admin: portOf(admin) };
    },
    ended: async () => {
      await until(() => end !== undefined, `the end of the gateway\n${said()}`);
      return end!;
    },
  };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
