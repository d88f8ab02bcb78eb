import type { GatewayStatus, MethodOrder } from './gateway-status.ts';

const TIMEOUT_MS = 5_000;

/** Talks to the admin port of a gateway. */
export class AdminClient {
  readonly #origin: string;

  constructor(port: number) {
    this.#origin = `http://127.0.0.1:${port}`;
  }

  /** Whether the gateway is ready; false as well when nothing listens yet. */
  async isReady(): Promise<boolean> {
    try {
      const answer = await this.#fetch('GET', '/readyz');
      return answer.status === 200;
    } catch {
      return false;
    }
  }

  async status(): Promise<GatewayStatus> {
    const answer = await this.#fetch('GET', '/admin/v1/bulkheads');
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`the status was answered with ${answer.status}: ${text}`);
    return JSON.parse(text) as GatewayStatus;
  }

  /** Number of the generation of the configuration that serves. */
  async generation(): Promise<number> {
    const answer = await this.#fetch('GET', '/admin/v1/generations');
    const { generations } = (await answer.json()) as { generations: readonly { number: number }[] };
    return generations[0]!.number;
  }

  /** Gives the HTTP status of the answer. */
  async order(methodKey: string, order: MethodOrder): Promise<number> {
    const answer = await this.#fetch('POST', `/admin/v1/methods/${encodeURIComponent(methodKey)}/${order}`);
    await answer.text();
    return answer.status;
  }

  #fetch(method: string, path: string): Promise<Response> {
    return fetch(this.#origin + path, { method, signal: AbortSignal.timeout(TIMEOUT_MS) });
  }
}
