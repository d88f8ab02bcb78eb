import { readUsage } from './process-usage.ts';
import type { ServerProcess } from './server-process.ts';

/** What a server and the provider used during a load. */
export interface LoadUsage {
  /** CPU time in microseconds. */
  readonly serverMicros: number;
  readonly providerMicros: number;
  /** Memory of the server at the end. */
  readonly residentBytes: number;
}

/** Knows what a server and the provider had used when it was made. */
export class UsageWatch {
  readonly #server: ServerProcess;
  readonly #provider: ServerProcess;
  readonly #serverBefore: number;
  readonly #providerBefore: number;

  /** @throws Error when one of them has ended */
  constructor(server: ServerProcess, provider: ServerProcess) {
    server.checkRunning();
    provider.checkRunning();
    this.#server = server;
    this.#provider = provider;
    this.#serverBefore = readUsage(server.pid).cpuMicros;
    this.#providerBefore = readUsage(provider.pid).cpuMicros;
  }

  /** What they used since. */
  read(): LoadUsage {
    const { cpuMicros, residentBytes } = readUsage(this.#server.pid);
    return {
      serverMicros: cpuMicros - this.#serverBefore,
      providerMicros: readUsage(this.#provider.pid).cpuMicros - this.#providerBefore,
      residentBytes,
    };
  }
}
