import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../macro/running-target.ts';
import { ServerProcess } from '../macro/server-process.ts';
import type { LoadOrder } from './load-orders.ts';
import type { LoadRecording } from './load-recording.ts';
import type { LoadPlan, RunningLoad } from './open-loop-load.ts';

const LOAD_PROCESS = fileURLToPath(new URL('load-process.ts', import.meta.url));

/** The process that sends the requests, so that what they cost is not in anybody's latency. One load at a time. */
export class LoadClient {
  readonly #process: ServerProcess;

  /** @param pin words in front of node's, to pin it to a core */
  constructor(pin: readonly string[]) {
    this.#process = new ServerProcess({
      name: 'the load',
      pin,
      nodeArguments: ['--import', 'tsx', LOAD_PROCESS],
      folder: ROOT,
      environment: {},
      withChannel: true,
    });
  }

  start(plan: LoadPlan): RunningLoad {
    this.#tell({ order: 'start', plan });
    return {
      setRate: (stream, perSecond) => this.#tell({ order: 'rate', stream, perSecond }),
      stop: (waitMs) => this.ask<LoadRecording>({ order: 'stop', waitMs }),
    };
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }

  /** Gives an order that is answered, and waits for the answer. */
  async ask<Answer>(order: LoadOrder): Promise<Answer> {
    const { child } = this.#process;
    const ended = new AbortController();
    const abort = (): void => ended.abort();
    child.once('exit', abort);
    try {
      const answered = once(child, 'message', { signal: ended.signal });
      this.#tell(order);
      const [answer] = (await answered) as [Answer];
      return answer;
    } catch (error) {
      this.#process.checkRunning();
      throw error;
    } finally {
      child.off('exit', abort);
    }
  }

  #tell(order: LoadOrder): void {
    this.#process.checkRunning();
    this.#process.child.send(order);
  }
}
