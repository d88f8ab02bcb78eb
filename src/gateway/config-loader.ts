import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RouteConfig } from '../config/schema.ts';
import { ALL_ROUTES, type RouteSelection } from '../config/select-routes.ts';
import { ConfigProcess } from './config-process.ts';
import type { LoadMessage } from './config-task.ts';
import { type LoadedConfig, readConfigFiles, selectFrom } from './read-config-files.ts';

/** A configuration of ten thousand routes takes some seconds and 300 MiB. */
const LIMITS = { maxHeapMib: 1_024, timeoutMs: 120_000 };

/** Files of so many bytes together are read here, in some ms: to start a process for them would take longer. */
const MAX_OWN_BYTES = 16 * 1024;

/** Reads and checks the files of a configuration, large ones in a process of its own. */
export class ConfigLoader {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #selection: RouteSelection;
  readonly #processes = new Set<ConfigProcess>();

  constructor(environment: NodeJS.ProcessEnv, selection: RouteSelection = ALL_ROUTES) {
    this.#environment = environment;
    this.#selection = selection;
  }

  /** Rejects with an Error when the process could not do it; what is wrong with the files is in the result. */
  async load(path: string): Promise<LoadedConfig> {
    const bytes = await bytesOf(path);
    if (bytes <= MAX_OWN_BYTES) return readConfigFiles(path, this.#environment, this.#selection);
    return selectFrom(await this.#loadElsewhere(path), this.#selection);
  }

  /** Ends what is being read. */
  close(): void {
    for (const reader of this.#processes) reader.kill();
  }

  async #loadElsewhere(path: string): Promise<LoadedConfig> {
    const routes: RouteConfig[] = [];
    let loaded: LoadedConfig | undefined;
    const onMessage = (message: LoadMessage): void => {
      if (message.kind === 'routes') routes.push(...message.routes);
      else loaded = { ...message.files, config: message.config && { ...message.config, routes } };
    };
    const reader = new ConfigProcess({ kind: 'load', path }, this.#environment, LIMITS, (message) =>
      onMessage(message as LoadMessage),
    );
    this.#processes.add(reader);
    try {
      await reader.ended;
    } finally {
      this.#processes.delete(reader);
    }
    if (loaded === undefined) throw new Error('the process that reads configurations said nothing');
    return loaded;
  }
}

/** Of all files; what is not there has none. */
async function bytesOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return found.size;
    const files = await Promise.all((await readdir(path)).map((name) => stat(join(path, name))));
    return files.reduce((sum, { size }) => sum + size, 0);
  } catch {
    return 0;
  }
}
