import { isNamedHost, providerAddress } from '../config/provider-address.ts';
import type { HostNames, HostNameWatch } from './host-names.ts';
import type { ProviderInstance } from './provider-instance.ts';
import type { ProviderSnapshot, RegistrySubscription } from './registry.ts';

type Subscribe = (onChange: (snapshot: ProviderSnapshot) => void) => RegistrySubscription;

/**
 * Follows a list with a provider for each address of a host name in it, so that each gets its share of the calls and is
 * judged by itself. A name that was not answered yet stands in the list as it is: who connects to it looks it up.
 */
export function resolvedSubscription(
  subscribe: Subscribe,
  names: HostNames,
  onChange: (snapshot: ProviderSnapshot) => void,
): RegistrySubscription {
  return new ResolvedSubscription(subscribe, names, onChange);
}

class ResolvedSubscription implements RegistrySubscription {
  readonly #names: HostNames;
  readonly #onChange: (snapshot: ProviderSnapshot) => void;
  readonly #source: RegistrySubscription;
  readonly #watches = new Map<string, HostNameWatch>();
  #instances: readonly ProviderInstance[] = [];

  constructor(subscribe: Subscribe, names: HostNames, onChange: (snapshot: ProviderSnapshot) => void) {
    this.#names = names;
    this.#onChange = onChange;
    this.#source = subscribe(() => {
      this.#update();
      onChange(this.snapshot);
    });
    this.#update();
  }

  get snapshot(): ProviderSnapshot {
    const { confirmedAtMs } = this.#source.snapshot;
    const snapshot = { instances: this.#instances, confirmedAtMs };
    if (this.#watches.size === 0) return snapshot;
    return { ...snapshot, hostNames: Array.from(this.#watches.values(), ({ status }) => status) };
  }

  close(): void {
    this.#source.close();
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }

  #update(): void {
    const { instances } = this.#source.snapshot;
    this.#follow(new Set(instances.filter(({ address }) => isNamedHost(address)).map(({ address }) => address.host)));
    this.#resolve();
  }

  /** Watches these names and no others. */
  #follow(names: ReadonlySet<string>): void {
    for (const [name, watch] of this.#watches) {
      if (names.has(name)) continue;
      this.#watches.delete(name);
      watch.close();
    }
    for (const name of names) {
      if (this.#watches.has(name)) continue;
      const watch = this.#names.watch(name, () => {
        this.#resolve();
        this.#onChange(this.snapshot);
      });
      this.#watches.set(name, watch);
    }
  }

  #resolve(): void {
    const { instances } = this.#source.snapshot;
    this.#instances = this.#watches.size === 0 ? instances : instances.flatMap((one) => this.#resolved(one));
  }

  #resolved(instance: ProviderInstance): ProviderInstance | readonly ProviderInstance[] {
    const { host, port } = instance.address;
    const addresses = this.#watches.get(host)?.status.addresses ?? [];
    if (addresses.length === 0) return instance;
    return addresses.map((address) => ({ ...instance, address: providerAddress(address, port) }));
  }
}
