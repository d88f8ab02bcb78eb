import type { Clock } from '../time/clock.ts';
import type { LookupHost } from './dns-lookup.ts';
import { HostRecord } from './host-record.ts';

/** What is known of a host name. */
export interface HostNameStatus {
  readonly name: string;
  /** Its addresses as last answered; empty before the first answer. */
  readonly addresses: readonly string[];
  /** When it was last answered, in ms since 1970; undefined before. */
  readonly resolvedAtMs: number | undefined;
  /** Why the last look-up failed; undefined where it did not. */
  readonly problem: string | undefined;
}

/** Something worth a log line. */
export interface HostNameEvent {
  readonly type: 'changed' | 'failed' | 'resolved again';
  readonly name: string;
  /** Those that serve now. */
  readonly addresses: readonly string[];
  readonly message: string;
}

export interface HostNamesOptions {
  readonly lookup: LookupHost;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (event: HostNameEvent) => void;
  /** Asked for a `tick` within so many ms. */
  readonly wake: (intervalMs: number) => void;
}

/** The addresses of a name for as long as somebody wants to know them. */
export interface HostNameWatch {
  readonly status: HostNameStatus;
  close(): void;
}

/** Look-ups at a time: each holds one of the few threads that files and compression need as well. */
const MAX_LOOKUPS = 2;
/** How long changes are collected in ms, so that a list of many names is not published for each of them. */
const COLLECT_MS = 20;
const MAX_TICK_MS = 1_000;

interface Entry {
  readonly record: HostRecord;
  readonly watchers: Set<() => void>;
}

/**
 * The host names of providers: each is looked up again and again while somebody watches it, and soon when a connection to
 * one of its addresses fails. What cannot be looked up keeps the addresses it had.
 */
export class HostNames {
  readonly #options: HostNamesOptions;
  readonly #entries = new Map<string, Entry>();
  /** Those whose watchers have to be told of other addresses. */
  readonly #changed = new Set<Entry>();
  #lookups = 0;
  #isClosed = false;

  constructor(options: HostNamesOptions) {
    this.#options = options;
  }

  /** @param onChange called when the addresses have changed, never within this call */
  watch(name: string, onChange: () => void): HostNameWatch {
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      const { clock, random } = this.#options;
      entry = { record: new HostRecord(name, random, clock.nowMs()), watchers: new Set() };
      this.#entries.set(name, entry);
    }
    const { record, watchers } = entry;
    const watcher = (): void => onChange();
    watchers.add(watcher);
    this.#options.wake(COLLECT_MS);
    return {
      get status() {
        return statusOf(record);
      },
      close: () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && this.#entries.get(name) === entry) this.#entries.delete(name);
      },
    };
  }

  status(): HostNameStatus[] {
    return Array.from(this.#entries.values(), ({ record }) => statusOf(record));
  }

  /** A connection to this host, a name or an address of one, failed or was lost. */
  suspect(host: string): void {
    const nowMs = this.#options.clock.nowMs();
    for (const { record } of this.#entries.values()) {
      if (record.name !== host && record.addresses?.includes(host) !== true) continue;
      record.suspect(nowMs);
      this.#options.wake(COLLECT_MS);
    }
  }

  /** Does what is due, and says after how many ms to come again; 0 where there is no need. */
  tick(nowMs: number): number {
    if (this.#isClosed) return 0;
    this.#tellChanges();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) {
      const { record } = entry;
      if (nowMs >= record.dueMs && this.#lookups < MAX_LOOKUPS) this.#ask(entry, nowMs);
      nextMs = Math.min(nextMs, record.dueMs - nowMs);
    }
    if (this.#entries.size === 0) return 0;
    return Math.min(Math.max(nextMs, COLLECT_MS), MAX_TICK_MS);
  }

  /** Looks nothing up any more. */
  close(): void {
    this.#isClosed = true;
    this.#entries.clear();
  }

  #tellChanges(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const { watchers } of changed) for (const onChange of [...watchers]) onChange();
  }

  #ask(entry: Entry, nowMs: number): void {
    const { lookup } = this.#options;
    entry.record.onAsk(nowMs);
    this.#lookups++;
    lookup(entry.record.name).then(
      (addresses) => this.#onAnswer(entry, addresses),
      (error: unknown) => this.#onFailure(entry.record, error instanceof Error ? error.message : String(error)),
    );
  }

  #onAnswer(entry: Entry, addresses: readonly string[]): void {
    const { record } = entry;
    const { clock } = this.#options;
    if (addresses.length === 0) {
      this.#onFailure(record, 'no address');
      return;
    }
    const before = record.addresses ?? [];
    const wasFailing = record.problem !== undefined;
    if (record.onAnswer(addresses, clock.nowMs(), clock.wallMs())) {
      this.#changed.add(entry);
      if (before.length > 0) this.#log('changed', record, `before: ${before.join(', ')}`);
    }
    if (wasFailing) this.#log('resolved again', record, 'the look-up works again');
    this.#onSettled();
  }

  #onFailure(record: HostRecord, problem: string): void {
    if (record.onFailure(problem, this.#options.clock.nowMs())) this.#log('failed', record, problem);
    this.#onSettled();
  }

  #onSettled(): void {
    this.#lookups--;
    if (!this.#isClosed) this.#options.wake(COLLECT_MS);
  }

  #log(type: HostNameEvent['type'], { name, addresses = [] }: HostRecord, message: string): void {
    this.#options.log({ type, name, addresses, message });
  }
}

function statusOf({ name, addresses = [], resolvedAtMs, problem }: HostRecord): HostNameStatus {
  return { name, addresses, resolvedAtMs, problem };
}
