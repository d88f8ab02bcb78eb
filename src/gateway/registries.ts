import { isDeepStrictEqual } from 'node:util';
import type {
  ProviderSnapshot,
  Registry,
  RegistryStatus,
  RegistrySubscription,
  ServiceQuery,
} from '../registry/registry.ts';
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
  /** In whose place it came, as long as that is open: the one of the same name before its section changed. */
  former: OpenedRegistry | undefined;
  /** By service: the lists it began with, until it has told its own. */
  readonly inherited: Map<string, ProviderSnapshot>;
  users: number;
}

/**
 * The registries of all generations: one that does not change is the same one, with its session and its lists. It is
 * closed when nobody uses it any more. One whose section changed begins with the last lists of the one before, so that no
 * call is lost until it has told its own.
 */
export class Registries {
  readonly #open: OpenRegistry;
  readonly #opened = new Set<OpenedRegistry>();

  constructor(open: OpenRegistry) {
    this.#open = open;
  }

  /** The registry of a section. `release` has to be called once for each. */
  retain(name: string, config: AskedRegistryConfig): RetainedRegistry {
    const namesakes = [...this.#opened].filter((one) => one.name === name);
    const known = namesakes.find((one) => isDeepStrictEqual(one.config, config));
    const opened = known ?? {
      name,
      config,
      registry: this.#open(name, config),
      former: namesakes.at(-1),
      inherited: new Map(),
      users: 0,
    };
    this.#opened.add(opened);
    opened.users++;
    return {
      registry: { subscribe: (query, onChange) => subscribe(opened, query, onChange) },
      release: () => this.#release(opened),
    };
  }

  status(): NamedRegistryStatus[] {
    return Array.from(this.#opened, ({ name, config, registry }) => ({
      name,
      type: config.type,
      ...registry.status(),
    }));
  }

  #release(opened: OpenedRegistry): void {
    if (--opened.users > 0) return;
    this.#opened.delete(opened);
    for (const other of this.#opened) if (other.former === opened) other.former = undefined;
    void opened.registry.close();
  }
}

/** A registry that somebody uses. */
export interface RetainedRegistry {
  readonly registry: Pick<Registry, 'subscribe'>;
  release(): void;
}

function subscribe(
  { registry, former, inherited }: OpenedRegistry,
  query: ServiceQuery,
  onChange: (snapshot: ProviderSnapshot) => void,
): RegistrySubscription {
  const key = keyOf(query);
  const last = former === undefined ? undefined : lastKnown(former, query);
  if (last !== undefined) inherited.set(key, last);
  const subscription = registry.subscribe(query, (snapshot) => {
    inherited.delete(key);
    onChange(snapshot);
  });
  return {
    get snapshot() {
      const { snapshot } = subscription;
      return snapshot.confirmedAtMs === undefined ? (inherited.get(key) ?? snapshot) : snapshot;
    },
    close: () => subscription.close(),
  };
}

/** The list of a service by a registry that is open; undefined where it has none. */
function lastKnown({ registry, inherited }: OpenedRegistry, query: ServiceQuery): ProviderSnapshot | undefined {
  const subscription = registry.subscribe(query, () => {});
  const { snapshot } = subscription;
  subscription.close();
  return snapshot.confirmedAtMs === undefined ? inherited.get(keyOf(query)) : snapshot;
}

function keyOf({ interfaceName, version, group }: ServiceQuery): string {
  return `${interfaceName} ${version} ${group}`;
}
