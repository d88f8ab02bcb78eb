import { ListProtection, providerMap } from './list-protection.ts';
import type { ProviderInstance } from './provider-instance.ts';

/**
 * The protected lists of one interface: each version and group is a list of its own, so that a version that vanishes as
 * a whole is kept though others are there.
 */
export class ProtectedLists {
  readonly #graceMs: number;
  readonly #lists = new Map<string, ListProtection>();

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** When a list changes without an update; infinite where none does. */
  get dueMs(): number {
    let dueMs = Number.POSITIVE_INFINITY;
    for (const list of this.#lists.values()) dueMs = Math.min(dueMs, list.dueMs);
    return dueMs;
  }

  /** How many providers are kept though the registry does not name them. */
  get heldCount(): number {
    let count = 0;
    for (const list of this.#lists.values()) count += list.heldCount;
    return count;
  }

  /** As `ListProtection.update`, for all lists. Whoever is named comes in the order given. */
  update(named: readonly ProviderInstance[], nowMs: number, afterAbsence: boolean): ProviderInstance[] {
    const byList = new Map<string, ProviderInstance[]>();
    for (const key of this.#lists.keys()) byList.set(key, []);
    for (const provider of named) {
      const key = `${provider.version} ${provider.group}`;
      const providers = byList.get(key);
      if (providers === undefined) byList.set(key, [provider]);
      else providers.push(provider);
    }
    const result: ProviderInstance[] = [];
    for (const [key, providers] of byList) {
      let list = this.#lists.get(key);
      if (list === undefined) {
        list = new ListProtection(this.#graceMs);
        this.#lists.set(key, list);
      }
      const kept = list.update(providerMap(providers), nowMs, afterAbsence);
      if (kept.size === 0) this.#lists.delete(key);
      result.push(...kept.values());
    }
    return result;
  }
}
