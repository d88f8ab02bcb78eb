import { MethodEntry, type MethodEntryHolder, MethodEntryList } from './method-entry.ts';
import type { MethodHealth } from './method-health.ts';
import type { QuarantineRules } from './method-rules.ts';
import { type MethodsSnapshot, methodsSnapshot, type SnapshotView } from './method-snapshot.ts';
import type { MethodStanding } from './method-standing.ts';
import type { MethodTransition } from './method-transition.ts';

/** Settings of a {@link MethodRegistry}. */
export interface MethodRegistryOptions {
  /** The rules of a method. Asked when a method is first seen. */
  readonly rulesOf: (key: string) => QuarantineRules;
  /** Hears of each change of a state, after it. Must not throw. */
  readonly onTransition?: (transition: MethodTransition, method: MethodHealth) => void;
  /** Hears of each change of a state or pin that was made here, before `onTransition`. Must not throw. */
  readonly onStanding?: ((standing: MethodStanding) => void) | undefined;
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
  #rulesOf: (key: string) => QuarantineRules;
  readonly #onTransition: ((transition: MethodTransition, method: MethodHealth) => void) | undefined;
  readonly #onStanding: ((standing: MethodStanding) => void) | undefined;
  readonly #maxMethods: number;
  readonly #expireAfterMs: number;
  readonly #entries = new Map<string, MethodEntry>();
  readonly #busy = new MethodEntryList();
  /** Those that can be dropped, longest unused first. */
  readonly #idle = new MethodEntryList();
  #events: MethodTransition[] = [];
  #quarantined = 0;

  constructor(options: MethodRegistryOptions) {
    const { rulesOf, onTransition, onStanding, maxMethods = 10_000, expireAfterMs = 900_000 } = options;
    if (!(maxMethods >= 1)) throw new RangeError(`maxMethods must be 1 at least, got ${maxMethods}`);
    if (!(expireAfterMs > 0)) throw new RangeError(`expireAfterMs must be positive, got ${expireAfterMs}`);
    this.#rulesOf = rulesOf;
    this.#onTransition = onTransition;
    this.#onStanding = onStanding;
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

  /** The changes of state that were made here, oldest first; the last 200. */
  get events(): readonly MethodTransition[] {
    return this.#events;
  }

  /** The health of the method, for a call that comes now. */
  method(key: string, nowMs: number): MethodHealth {
    const known = this.#entries.get(key);
    if (known === undefined) return this.#create(key, nowMs);
    if (known.list === this.#idle) this.#rest(known, nowMs);
    return known.method;
  }

  /** The health of a method that is remembered. Does not count as use. */
  find(key: string): MethodHealth | undefined {
    return this.#entries.get(key)?.method;
  }

  /** The health of a method as a call that came now would find it. What was never called stays so. */
  peek(key: string, nowMs: number): MethodHealth {
    return this.find(key) ?? new MethodEntry(key, this.#rulesOf(key), nowMs, this).method;
  }

  /** Takes the state that a method has in another process of the group. */
  adopt(standing: MethodStanding, nowMs: number): void {
    const { method, state, isPinned } = standing;
    // A method that is only well need not be remembered for that.
    if (state === 'healthy' && !isPinned && !this.#entries.has(method)) return;
    this.method(method, nowMs).adopt(standing, nowMs);
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
   * Brings the rules of a new configuration to all methods; their states, calls in flight, counts and events stay. What is
   * not configured any more is dropped: its last calls end as they may.
   */
  configure(rulesOf: (key: string) => QuarantineRules, nowMs: number, isConfigured: (key: string) => boolean): void {
    this.#rulesOf = rulesOf;
    for (const [key, entry] of this.#entries) {
      if (isConfigured(key)) entry.method.configure(rulesOf(key), nowMs);
      else this.#forget(entry);
    }
  }

  /** The `methods` and `events` of the status, as JSON values; all methods where none are given. */
  snapshot(view: SnapshotView, methods: Iterable<MethodHealth> = this.methods()): MethodsSnapshot {
    return methodsSnapshot(methods, this.#events, view);
  }

  entryChanged(entry: MethodEntry, transition: MethodTransition): void {
    if (entry.list === undefined) return;
    this.#quarantined += transition.to === 'quarantined' ? 1 : -1;
    if (transition.isAdopted !== true) {
      if (this.#events.length >= MAX_EVENTS) this.#events.shift();
      this.#events.push(transition);
      this.#onStanding?.(entry.method.standing);
    }
    this.#onTransition?.(transition, entry.method);
  }

  entryMoved(entry: MethodEntry, nowMs: number): void {
    if (entry.list === undefined && !this.#revive(entry)) return;
    if (entry.method.isIdle) this.#rest(entry, nowMs);
    else this.#busy.add(entry);
  }

  entryPinned(entry: MethodEntry): void {
    if (entry.list !== undefined) this.#onStanding?.(entry.method.standing);
  }

  /** A call that waited for long begins only now that its method was dropped. It counts, unless others came meanwhile. */
  #revive(entry: MethodEntry): boolean {
    const { key } = entry.method;
    if (this.#entries.has(key)) return false;
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

  /** For good: also what its last calls bring is not heard any more. */
  #forget(entry: MethodEntry): void {
    if (entry.method.state === 'quarantined') this.#quarantined--;
    entry.holder = NOBODY;
    entry.list?.remove(entry);
    this.#entries.delete(entry.method.key);
  }
}

const NOBODY: MethodEntryHolder = { entryChanged() {}, entryMoved() {}, entryPinned() {} };
