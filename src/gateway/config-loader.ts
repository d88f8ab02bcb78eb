import type { GatewayConfig, RouteConfig } from '../config/schema.ts';
import { ConfigProcess } from './config-process.ts';
import type { LoadMessage, ReadFiles } from './config-task.ts';

/** A configuration as its files have it now. */
export interface LoadedConfig extends ReadFiles {
  /** Undefined when there is an error. */
  readonly config: GatewayConfig | undefined;
}

/** A configuration of ten thousand routes takes some seconds and 300 MiB. */
const LIMITS = { maxHeapMib: 1_024, timeoutMs: 120_000 };

/** Reads and checks the files of a configuration in a process of its own, one reading at a time. */
export class ConfigLoader {
  readonly #environment: NodeJS.ProcessEnv;
  #process: ConfigProcess | undefined;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** Rejects with an Error when the process could not do it; what is wrong with the files is in the result. */
  async load(path: string): Promise<LoadedConfig> {
    const routes: RouteConfig[] = [];
    let loaded: LoadedConfig | undefined;
    const onMessage = (message: LoadMessage): void => {
      if (message.kind === 'routes') routes.push(...message.routes);
      else loaded = { ...message.files, config: message.config && { ...message.config, routes } };
    };
    const reader = new ConfigProcess({ kind: 'load', path }, this.#environment, LIMITS, (message) =>
      onMessage(message as LoadMessage),
    );
    this.#process = reader;
    try {
      await reader.ended;
    } finally {
      this.#process = undefined;
    }
    if (loaded === undefined) throw new Error('the process that reads configurations said nothing');
    return loaded;
  }

  /** Ends the reading that is under way. */
  close(): void {
    this.#process?.kill();
  }
}
