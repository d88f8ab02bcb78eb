import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';

export interface LoadJob {
  readonly url: string;
  readonly method: string;
  readonly body: string | undefined;
  readonly connections: number;
  readonly seconds: number;
  /** Every answer is compared with it. */
  readonly expectedBody: string;
  /** No answer at all within the time is no failure. */
  readonly mayBeSilent?: boolean;
}

export interface LoadReport {
  readonly requests: number;
  /** Answers with an error status or another body, and connections that failed. */
  readonly failures: number;
  /** What they were, in words; where there are any. */
  readonly failedAs?: string;
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What the load itself used. */
  readonly cpuMicros: number;
}

const LOAD_PROCESS = fileURLToPath(new URL('load-process.ts', import.meta.url));

/** The process that sends the requests. */
export class Load {
  readonly #process: ServerProcess;

  constructor(pin: readonly string[], folder: string) {
    this.#process = new ServerProcess({
      name: 'the load',
      pin,
      nodeArguments: ['--import', 'tsx', LOAD_PROCESS],
      folder,
      environment: {},
      withChannel: true,
    });
  }

  /** Sends requests as fast as they are answered. Throws when any answer was not the expected one. */
  async run(job: LoadJob): Promise<LoadReport> {
    const { child } = this.#process;
    const ended = new AbortController();
    const stop = (): void => ended.abort();
    child.once('exit', stop);
    try {
      const answered = once(child, 'message', { signal: ended.signal });
      child.send(job);
      const [report] = (await answered) as [LoadReport];
      if (report.failures > 0 || (report.requests === 0 && job.mayBeSilent !== true)) {
        const answers = report.requests + report.failures;
        throw new Error(`${report.failures} of ${answers} answers of ${job.url} were wrong: ${report.failedAs}`);
      }
      return report;
    } catch (error) {
      this.#process.checkRunning();
      throw error;
    } finally {
      child.off('exit', stop);
    }
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}
