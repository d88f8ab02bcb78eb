import { MethodEntry, type MethodEntryHolder, MethodEntryList } from './method-entry.ts';
import type { MethodHealth } from './method-health.ts';
import type { QuarantineRules } from './method-rules.ts';
import { type MethodsSnapshot, methodsSnapshot, type SnapshotView } from './method-snapshot.ts';
import type { MethodTransition } from './method-transition.ts';

/** Settings of a {@link MethodRegistry}. */
export interface MethodRegistryOptions {
  /** The rules of a method. Asked when a method is first seen, and for each that is adopted. */
  readonly rulesOf: (key: string) => QuarantineRules;
  /** Hears of each change of a state, after it. Must not throw. */
  readonly onTransition?: (transition: MethodTransition, method: MethodHealth) => void;
  /** Methods that are remembered, default 10,000. Only idle ones are dropped for it, longest unused first. */
  readonly maxMethods?: number;
  /** Time in ms after which an idle method is forgotten, default 900,000. */
  readonly expireAfterMs?: number;
}

/** Changes of state that are remembered. */
const MAX_EVENTS = 200;

/**
 * The health of all methods by key. A method that is in quarantine, pinned, or has calls in flight is never dropped; the
 * others are, when they have not been used for long or there are too many. Nothing here costs more with more methods, but
 * for `tick`, which looks at each that is not idle, and `snapshot`.
 */
export class MethodRegistry implements MethodEntryHolder {
  readonly #rulesOf: (key: string) => QuarantineRules;
  readonly #onTransition: ((transition: MethodTransition, method: MethodHealth) => void) | undefined;
  readonly #maxMethods: number;
  readonly #expireAfterMs: number;
  readonly #entries = new Map<string, MethodEntry>();
  readonly #busy = new MethodEntryList();
  /** Those that can be dropped, longest unused first. */
  readonly #idle = new MethodEntryList();
  #events: MethodTransition[] = [];
  #quarantined = 0;
  #successor: MethodRegistry | undefined;

  constructor(options: MethodRegistryOptions) {
    const { rulesOf, onTransition, maxMethods = 10_000, expireAfterMs = 900_000 } = options;
    if (!(maxMethods >= 1)) throw new RangeError(`maxMethods must be 1 at least, got ${maxMethods}`);
    if (!(expireAfterMs > 0)) throw new RangeError(`expireAfterMs must be positive, got ${expireAfterMs}`);
    this.#rulesOf = rulesOf;
    this.#onTransition = onTransition;
    this.#maxMethods = maxMethods;
    this.#expireAfterMs = expireAfterMs;
  }

  /** Number of methods remembered. */
  get size(): number {
    return this.#entries.size;
  }

  /** Number of methods in quarantine. */
  get quarantined(): number {
    return this.#quarantined;
  }

  /** Whether `tick` has anything to look at, now or later. */
  get needsTick(): boolean {
    return this.#entries.size > 0;
  }

  /** The changes of state, oldest first; the last 200. */
  get events(): readonly MethodTransition[] {
    return this.#events;
  }

  /** The health of the method, for a call that comes now. Once this registry was adopted, the other one answers. */
  method(key: string, nowMs: number): MethodHealth {
    if (this.#successor !== undefined) return this.#successor.method(key, nowMs);
    const known = this.#entries.get(key);
    if (known === undefined) return this.#create(key, nowMs);
    if (known.list === this.#idle) this.#rest(known, nowMs);
    return known.method;
  }

  /** The health of a method that is remembered. Does not count as use. */
  find(key: string): MethodHealth | undefined {
    if (this.#successor !== undefined) return this.#successor.find(key);
    return this.#entries.get(key)?.method;
  }

  /** The health of a method as a call that came now would find it. What was never called stays so. */
  peek(key: string, nowMs: number): MethodHealth {
    return this.find(key) ?? new MethodEntry(key, this.#rulesOf(key), nowMs, this).method;
  }

  /** All methods that are remembered. */
  *methods(): IterableIterator<MethodHealth> {
    for (const { method } of this.#entries.values()) yield method;
  }

  /** Sees to what time alone brings: calls that become slow, methods that come back, idle ones that are forgotten. */
  tick(nowMs: number): void {
    for (let entry = this.#busy.first; entry !== undefined && entry.list === this.#busy; ) {
      const { nextEntry } = entry;
      entry.method.tick(nowMs);
      entry = nextEntry;
    }
    for (let entry = this.#idle.first; entry !== undefined; entry = this.#idle.first) {
      if (nowMs - entry.lastUsedMs < this.#expireAfterMs) break;
      this.#drop(entry);
    }
  }

  /**
   * Takes over all methods of the registry of the configuration before, with their states, calls in flight, counts and
   * events, under the rules of this one. What is not `isConfigured` any more is left behind: its calls end as they may.
   *
   * @throws Error where this registry has methods already
   */
  adopt(previous: MethodRegistry, nowMs: number, isConfigured: (key: string) => boolean = () => true): void {
    if (this.#entries.size > 0) throw new Error('a registry can adopt another only before it has methods of its own');
    this.#events = [...previous.#events];
    for (const [key, entry] of previous.#entries) {
      if (!isConfigured(key)) continue;
      entry.holder = this;
      this.#entries.set(key, entry);
      if (entry.method.state === 'quarantined') this.#quarantined++;
    }
    this.#takeOver(previous.#idle, this.#idle);
    this.#takeOver(previous.#busy, this.#busy);
    previous.#entries.clear();
    previous.#quarantined = 0;
    previous.#successor = this;
    for (const entry of this.#entries.values()) entry.method.configure(this.#rulesOf(entry.method.key), nowMs);
    this.#makeRoom(undefined);
  }

  /** The `methods` and `events` of the status, as JSON values; all methods where none are given. */
  snapshot(view: SnapshotView, methods: Iterable<MethodHealth> = this.methods()): MethodsSnapshot {
    return methodsSnapshot(methods, this.#events, view);
  }

  entryChanged(entry: MethodEntry, transition: MethodTransition): void {
    if (entry.list === undefined) return;
    this.#quarantined += transition.to === 'quarantined' ? 1 : -1;
    if (this.#events.length >= MAX_EVENTS) this.#events.shift();
    this.#events.push(transition);
    this.#onTransition?.(transition, entry.method);
  }

  entryMoved(entry: MethodEntry, nowMs: number): void {
    if (entry.list === undefined && !this.#revive(entry)) return;
    if (entry.method.isIdle) this.#rest(entry, nowMs);
    else this.#busy.add(entry);
  }

  /** A call that waited for long begins only now that its method was dropped. It counts, unless others came meanwhile. */
  #revive(entry: MethodEntry): boolean {
    const { key } = entry.method;
    if (this.#successor !== undefined || this.#entries.has(key)) return false;
    this.#entries.set(key, entry);
    return true;
  }

  #create(key: string, nowMs: number): MethodHealth {
    const entry = new MethodEntry(key, this.#rulesOf(key), nowMs, this);
    this.#entries.set(key, entry);
    this.#idle.add(entry);
    this.#makeRoom(entry);
    return entry.method;
  }

  #rest(entry: MethodEntry, nowMs: number): void {
    entry.lastUsedMs = nowMs;
    this.#idle.add(entry);
  }

  #makeRoom(spared: MethodEntry | undefined): void {
    while (this.#entries.size > this.#maxMethods) {
      const entry = this.#idle.first;
      if (entry === undefined || entry === spared) return;
      this.#drop(entry);
    }
  }

  #drop(entry: MethodEntry): void {
    this.#idle.remove(entry);
    this.#entries.delete(entry.method.key);
  }

  #takeOver(from: MethodEntryList, to: MethodEntryList): void {
    for (let entry = from.first; entry !== undefined; entry = from.first) {
      if (entry.holder === this) to.add(entry);
      else from.remove(entry);
    }
  }
}
