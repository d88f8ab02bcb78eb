import { isDeepStrictEqual } from 'node:util';
import type { Registry, RegistryStatus } from '../registry/registry.ts';
import type { AskedRegistryConfig } from './registry-of-service.ts';

/** Makes a registry of its section; nothing is connected yet. `name` is for log lines. */
export type OpenRegistry = (name: string, config: AskedRegistryConfig) => Registry;

/** A registry as operators see it. */
export interface NamedRegistryStatus extends RegistryStatus {
  readonly name: string;
  readonly type: AskedRegistryConfig['type'];
}

interface OpenedRegistry {
  readonly name: string;
  readonly config: AskedRegistryConfig;
  readonly registry: Registry;
  users: number;
}

/**
 * The registries of all generations: one that does not change is the same one, with its session and its lists. It is
 * closed when nobody uses it any more.
 */
export class Registries {
  readonly #open: OpenRegistry;
  readonly #opened = new Set<OpenedRegistry>();

  constructor(open: OpenRegistry) {
    this.#open = open;
  }

  /** The registry of a section. `release` has to be called once for each. */
  retain(name: string, config: AskedRegistryConfig): RetainedRegistry {
    const known = [...this.#opened].find((one) => one.name === name && isDeepStrictEqual(one.config, config));
    const opened = known ?? { name, config, registry: this.#open(name, config), users: 0 };
    this.#opened.add(opened);
    opened.users++;
    return {
      registry: opened.registry,
      release: () => {
        if (--opened.users > 0) return;
        this.#opened.delete(opened);
        void opened.registry.close();
      },
    };
  }

  status(): NamedRegistryStatus[] {
    return Array.from(this.#opened, ({ name, config, registry }) => ({
      name,
      type: config.type,
      ...registry.status(),
    }));
  }
}

/** A registry that somebody uses. */
export interface RetainedRegistry {
  readonly registry: Registry;
  release(): void;
}
