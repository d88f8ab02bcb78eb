import type { ProviderAddress } from '../config/provider-address.ts';
import { Endpoint } from './endpoint.ts';

interface Entry {
  readonly endpoint: Endpoint;
  references: number;
}

/**
 * The endpoints of a gateway by scope and address. A scope is who shares what calls have shown: usually one service, in all
 * generations of the configuration, since another service of the same process may be slow for reasons of its own.
 */
export class EndpointTable {
  readonly #entries = new Map<string, Entry>();
  readonly #onEject = (): void => {
    this.#ejections++;
  };
  #ejections = 0;

  /** Endpoints that somebody uses. */
  get size(): number {
    return this.#entries.size;
  }

  /** How many times one of them was left out for what its calls had shown, also those that are forgotten. */
  get ejections(): number {
    return this.#ejections;
  }

  /** The endpoint of an address; one user more, who has to `release` it. */
  retain(scope: string, address: ProviderAddress): Endpoint {
    const key = keyOf(scope, address);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { endpoint: new Endpoint(address, this.#onEject), references: 0 };
      this.#entries.set(key, entry);
    }
    entry.references++;
    return entry.endpoint;
  }

  /** One user less; without any the endpoint is forgotten. Calls in flight may still end on it. */
  release(scope: string, address: ProviderAddress): void {
    const key = keyOf(scope, address);
    const entry = this.#entries.get(key);
    if (entry !== undefined && --entry.references === 0) this.#entries.delete(key);
  }
}

/** The key of an address holds no space. */
function keyOf(scope: string, { key }: ProviderAddress): string {
  return `${key} ${scope}`;
}
