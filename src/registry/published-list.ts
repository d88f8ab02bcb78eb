import { ProtectedLists } from './protected-lists.ts';
import type { ProviderInstance } from './provider-instance.ts';
import { providerKey } from './provider-record.ts';
import { isSameProvider } from './same-provider.ts';

/**
 * The list of providers of a service as others see it: protected against what is more likely a fault of the registry
 * than the truth, and made of the same objects for as long as nothing about them changes, so that others can compare.
 */
export class PublishedList {
  readonly #lists: ProtectedLists;
  /** By `providerKey`. */
  #byKey: ReadonlyMap<string, ProviderInstance> = new Map();
  #instances: readonly ProviderInstance[] = [];
  #wasPublished = false;

  /** @param emptyGraceMs how long providers are kept in ms that vanish all at once; 0 believes it */
  constructor(emptyGraceMs: number) {
    this.#lists = new ProtectedLists(emptyGraceMs);
  }

  get instances(): readonly ProviderInstance[] {
    return this.#instances;
  }

  /** Whether there is a list at all. */
  get wasPublished(): boolean {
    return this.#wasPublished;
  }

  /** How many are kept though the registry does not name them. */
  get heldCount(): number {
    return this.#lists.heldCount;
  }

  /** When the list changes without an update; infinite where it does not. */
  get dueMs(): number {
    return this.#lists.dueMs;
  }

  /**
   * Takes what the registry names.
   *
   * @param afterAbsence whether it is the first look after the registry was gone
   * @returns whether the list changed, or is the first one
   */
  update(named: readonly ProviderInstance[], nowMs: number, afterAbsence: boolean): boolean {
    const isChanged = this.#take(this.#lists.update(named, nowMs, afterAbsence));
    const isFirst = !this.#wasPublished;
    this.#wasPublished = true;
    return isChanged || isFirst;
  }

  #take(list: readonly ProviderInstance[]): boolean {
    const byKey = new Map<string, ProviderInstance>();
    let isChanged = list.length !== this.#byKey.size;
    for (const provider of list) {
      const key = providerKey(provider);
      const before = this.#byKey.get(key);
      const isSame = before !== undefined && isSameProvider(before, provider);
      if (!isSame) isChanged = true;
      byKey.set(key, isSame ? before : provider);
    }
    if (!isChanged) return false;
    this.#byKey = byKey;
    this.#instances = [...byKey.values()];
    return true;
  }
}
