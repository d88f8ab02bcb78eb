import { type ProviderAddress, parseProviderAddress } from '../config/provider-address.ts';
import type { ProviderList } from './provider-list.ts';
import { RoundRobin } from './round-robin.ts';

/** Providers that are named in the configuration and never change. They are called in turn. */
export class StaticProviders implements ProviderList {
  readonly addresses: readonly ProviderAddress[];
  readonly #turn: RoundRobin;

  /**
   * @param texts addresses, `dubbo://host:port`; one named twice counts once
   * @throws ProviderAddressError
   */
  constructor(texts: readonly string[]) {
    const byKey = new Map<string, ProviderAddress>();
    for (const text of texts) {
      const address = parseProviderAddress(text);
      byKey.set(address.key, address);
    }
    this.addresses = [...byKey.values()];
    this.#turn = new RoundRobin(this.addresses.length);
  }

  get size(): number {
    return this.addresses.length;
  }

  next(isUsable?: (index: number) => boolean): number {
    return this.#turn.next(isUsable);
  }
}
