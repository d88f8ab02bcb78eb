import type { ProviderInstance } from './provider-instance.ts';
import type { ProviderSnapshot, RegistrySubscription, ServiceQuery } from './registry.ts';

/** Changes of so many ms become one list. */
export const SETTLE_MS = 50;

/** A list that a registry keeps up to date. */
export interface ListWatch {
  readonly interfaceName: string;
  readonly instances: readonly ProviderInstance[];
  /** Whether the list was made from the whole of the registry since that is there. */
  readonly isInStep: boolean;
  /** When `update` is to be called though nothing changed; infinite where it is not. */
  readonly dueMs: number;
  /** Makes the list anew where what it is made of is there; says whether it changed, or is the first one. */
  update(nowMs: number): boolean;
  /** The registry is gone. */
  sessionLost(): void;
  close(): void;
}

export interface WatchedListsOptions {
  /** Equal for queries that one watch can answer. */
  readonly keyOf: (query: ServiceQuery) => string;
  readonly watch: (query: ServiceQuery) => ListWatch;
  /** When the registry last answered, by the wall clock in ms; undefined while it is not there. */
  readonly answeredAtMs: () => number | undefined;
  /** Told what a subscriber threw. */
  readonly onThrow: (interfaceName: string, error: unknown) => void;
}

type Subscriber = (snapshot: ProviderSnapshot) => void;

interface WatchedList {
  readonly watch: ListWatch;
  readonly subscribers: Set<Subscriber>;
  /** By the wall clock; of the last moment the list was known to be in step, while it is not now. */
  confirmedAtMs: number | undefined;
}

/** The lists of a registry with their subscribers. It is told what changed, and tells who wants to know. */
export class WatchedLists {
  readonly #options: WatchedListsOptions;
  readonly #lists = new Map<string, WatchedList>();
  readonly #byWatch = new Map<ListWatch, WatchedList>();
  readonly #stale = new Set<ListWatch>();
  /** When the stale lists are made anew. */
  #settledMs = Number.POSITIVE_INFINITY;

  constructor(options: WatchedListsOptions) {
    this.#options = options;
  }

  /** How many subscriptions there are. */
  get size(): number {
    let size = 0;
    for (const { subscribers } of this.#lists.values()) size += subscribers.size;
    return size;
  }

  /** When to call `publish` for what is stale; infinite where nothing is. */
  get settledMs(): number {
    return this.#settledMs;
  }

  /** As `Registry.subscribe`. */
  subscribe(query: ServiceQuery, onChange: Subscriber): RegistrySubscription {
    const key = this.#options.keyOf(query);
    const list = this.#lists.get(key) ?? this.#follow(key, query);
    const { subscribers } = list;
    // A function of its own, so that one subscriber can subscribe twice.
    const subscriber: Subscriber = (snapshot) => onChange(snapshot);
    subscribers.add(subscriber);
    const snapshot = (): ProviderSnapshot => this.#snapshot(list);
    return {
      get snapshot() {
        return snapshot();
      },
      close: () => {
        if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
        this.#lists.delete(key);
        this.#byWatch.delete(list.watch);
        this.#stale.delete(list.watch);
        list.watch.close();
      },
    };
  }

  /** What a list is made of changed. */
  markStale(watch: ListWatch, nowMs: number): void {
    if (this.#stale.size === 0) this.#settledMs = nowMs + SETTLE_MS;
    this.#stale.add(watch);
  }

  /** Makes the lists anew that are due, and tells those that changed. */
  publish(nowMs: number): void {
    for (const { watch } of this.#lists.values()) if (watch.dueMs <= nowMs) this.markStale(watch, nowMs);
    if (nowMs < this.#settledMs) return;
    const stale = [...this.#stale];
    this.#stale.clear();
    this.#settledMs = Number.POSITIVE_INFINITY;
    for (const watch of stale) {
      const list = this.#byWatch.get(watch);
      if (list !== undefined && watch.update(nowMs)) this.#tell(list);
    }
  }

  /** The registry is about to be gone; until then it answered. */
  lost(): void {
    for (const list of this.#lists.values()) {
      list.confirmedAtMs = this.#snapshot(list).confirmedAtMs;
      list.watch.sessionLost();
    }
  }

  close(): void {
    for (const { watch } of this.#lists.values()) watch.close();
    this.#lists.clear();
    this.#byWatch.clear();
    this.#stale.clear();
  }

  #follow(key: string, query: ServiceQuery): WatchedList {
    const list = { watch: this.#options.watch(query), subscribers: new Set<Subscriber>(), confirmedAtMs: undefined };
    this.#lists.set(key, list);
    this.#byWatch.set(list.watch, list);
    return list;
  }

  #snapshot({ watch, confirmedAtMs }: WatchedList): ProviderSnapshot {
    const answeredAtMs = watch.isInStep ? this.#options.answeredAtMs() : undefined;
    return { instances: watch.instances, confirmedAtMs: answeredAtMs ?? confirmedAtMs };
  }

  #tell(list: WatchedList): void {
    const { watch, subscribers } = list;
    const snapshot = this.#snapshot(list);
    for (const subscriber of [...subscribers]) {
      if (!subscribers.has(subscriber)) continue;
      try {
        subscriber(snapshot);
      } catch (error) {
        this.#options.onThrow(watch.interfaceName, error);
      }
    }
  }
}
