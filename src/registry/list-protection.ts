import type { ProviderInstance } from './provider-instance.ts';
import { providerKey } from './provider-record.ts';

/** Providers by `providerKey`. */
export type ProviderMap = ReadonlyMap<string, ProviderInstance>;

/**
 * Keeps a list of providers through what is more likely a fault of the registry than the truth.
 *
 * An update that would empty the list, or that takes more than half of it away in the first look after the registry was
 * gone (it may have lost its data, and providers come back to it one by one), removes nobody until `graceMs` have
 * passed; what comes meanwhile is added.
 */
export class ListProtection {
  readonly #graceMs: number;
  #confirmed: ProviderMap = new Map();
  #held: Map<string, ProviderInstance> = new Map();
  #heldUntilMs = Number.POSITIVE_INFINITY;

  /** @param graceMs 0 switches the protection off */
  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** When the list changes without an update; infinite where it does not. */
  get dueMs(): number {
    return this.#heldUntilMs;
  }

  /** How many are kept though the registry does not name them. */
  get heldCount(): number {
    return this.#held.size;
  }

  /**
   * @param named whom the registry names
   * @param afterAbsence whether it is the first look after the registry was gone
   * @returns the list that holds
   */
  update(named: ProviderMap, nowMs: number, afterAbsence: boolean): ProviderMap {
    if (nowMs >= this.#heldUntilMs) this.#release();
    const lost = [...this.#confirmed].filter(([key]) => !named.has(key));
    const isMassLoss = afterAbsence && lost.length * 2 > this.#confirmed.size;
    if (lost.length > 0 && (named.size === 0 || isMassLoss) && this.#graceMs > 0) {
      for (const [key, provider] of lost) this.#held.set(key, provider);
      this.#heldUntilMs = nowMs + this.#graceMs;
    }
    for (const key of named.keys()) this.#held.delete(key);
    if (this.#held.size === 0) this.#heldUntilMs = Number.POSITIVE_INFINITY;
    this.#confirmed = named;
    return this.#held.size === 0 ? named : new Map([...named, ...this.#held]);
  }

  #release(): void {
    this.#held = new Map();
    this.#heldUntilMs = Number.POSITIVE_INFINITY;
  }
}

/** Providers by their key; the later one of two counts. */
export function providerMap(providers: Iterable<ProviderInstance>): ProviderMap {
  const map = new Map<string, ProviderInstance>();
  for (const provider of providers) map.set(providerKey(provider), provider);
  return map;
}
