import type { ClosedLoopPlan, ClosedLoopReport } from './closed-loop-load.ts';
import type { LoadClient } from './load-client.ts';
import type { ClosedLoopOrder } from './load-orders.ts';

/** What the process of the load says to an order. */
export interface ClosedLoopAnswer {
  readonly error?: string;
  readonly report?: ClosedLoopReport;
}

const HALT_WAIT_MS = 15_000;

/** Connections that the process of the load holds open, with or without requests. A wrong answer makes all calls reject. */
export class HeldConnections {
  readonly #client: LoadClient;

  private constructor(client: LoadClient) {
    this.#client = client;
  }

  /** Opens them; resolves when each has had one good answer. */
  static async open(client: LoadClient, plan: ClosedLoopPlan): Promise<HeldConnections> {
    const held = new HeldConnections(client);
    await held.#order({ order: 'open', plan });
    return held;
  }

  /** Lets each send its next request as soon as the last is answered, the first of them within `rampMs`. */
  async run(rampMs: number): Promise<void> {
    await this.#order({ order: 'run', rampMs });
  }

  /** What was answered since the report before, or since `run`. */
  async report(): Promise<ClosedLoopReport> {
    const { report } = await this.#order({ order: 'report' });
    return report!;
  }

  /** Sends no more; resolves when everything is answered. The connections stay. */
  async halt(): Promise<void> {
    await this.#order({ order: 'halt', waitMs: HALT_WAIT_MS });
  }

  async close(): Promise<void> {
    await this.#order({ order: 'close' });
  }

  async #order(order: ClosedLoopOrder): Promise<ClosedLoopAnswer> {
    const answer = await this.#client.ask<ClosedLoopAnswer>(order);
    if (answer.error !== undefined) throw new Error(`the load: ${answer.error}`);
    return answer;
  }
}
