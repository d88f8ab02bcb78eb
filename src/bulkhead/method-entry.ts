import { MethodHealth, type MethodObserver } from './method-health.ts';
import type { QuarantineRules } from './method-rules.ts';
import type { MethodTransition } from './method-transition.ts';

/** What an entry tells the registry that holds it. */
export interface MethodEntryHolder {
  entryChanged(entry: MethodEntry, transition: MethodTransition): void;
  /** The method has become idle or busy. */
  entryMoved(entry: MethodEntry, nowMs: number): void;
  /** An operator has pinned or unpinned the method. */
  entryPinned(entry: MethodEntry): void;
}

/** A method in a registry, with its place in one of the registry's lists. */
export class MethodEntry implements MethodObserver {
  readonly method: MethodHealth;
  /** The registry, until the method is not configured any more. */
  holder: MethodEntryHolder;
  /** Where the entry is linked; undefined once its registry has dropped it. */
  list: MethodEntryList | undefined = undefined;
  previousEntry: MethodEntry | undefined = undefined;
  nextEntry: MethodEntry | undefined = undefined;
  /** When the method was asked for last or became idle. */
  lastUsedMs: number;

  constructor(key: string, rules: QuarantineRules, nowMs: number, holder: MethodEntryHolder) {
    this.method = new MethodHealth(key, rules, nowMs, this);
    this.holder = holder;
    this.lastUsedMs = nowMs;
  }

  onTransition(transition: MethodTransition): void {
    this.holder.entryChanged(this, transition);
  }

  onIdleChange(nowMs: number): void {
    this.holder.entryMoved(this, nowMs);
  }

  onPinChange(): void {
    this.holder.entryPinned(this);
  }
}

/** Entries in the order they were added. They come and go at constant cost; an entry is in one list at most. */
export class MethodEntryList {
  #first: MethodEntry | undefined;
  #last: MethodEntry | undefined;
  #size = 0;

  get first(): MethodEntry | undefined {
    return this.#first;
  }

  get size(): number {
    return this.#size;
  }

  /** Appends an entry, out of the list it was in. */
  add(entry: MethodEntry): void {
    entry.list?.remove(entry);
    entry.list = this;
    entry.previousEntry = this.#last;
    if (this.#last === undefined) this.#first = entry;
    else this.#last.nextEntry = entry;
    this.#last = entry;
    this.#size++;
  }

  /** Takes out an entry that is in this list. */
  remove(entry: MethodEntry): void {
    const { previousEntry, nextEntry } = entry;
    if (previousEntry === undefined) this.#first = nextEntry;
    else previousEntry.nextEntry = nextEntry;
    if (nextEntry === undefined) this.#last = previousEntry;
    else nextEntry.previousEntry = previousEntry;
    entry.list = undefined;
    entry.previousEntry = undefined;
    entry.nextEntry = undefined;
    this.#size--;
  }
}
