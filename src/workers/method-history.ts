import type { MethodEvent } from '../bulkhead/method-snapshot.ts';
import type { MethodStanding } from '../bulkhead/method-standing.ts';
import { timestamp } from '../telemetry/timestamp.ts';

/** Changes of state that are remembered. */
const MAX_EVENTS = 200;

/** What became of the methods of a group, whichever worker found it, and however long that worker lives. */
export interface ShownHistory {
  /** The changes of state, oldest first; the last 200. */
  readonly events: readonly MethodEvent[];
  /** Times that a method went into quarantine. */
  quarantinedTotal(method: string): number;
}

/** Gathers the history from what workers tell. Where two find the same at the same time, the group has changed once. */
export class MethodHistory implements ShownHistory {
  readonly #quarantined = new Set<string>();
  readonly #quarantinedTotals = new Map<string, number>();
  #events: MethodEvent[] = [];

  get events(): readonly MethodEvent[] {
    return this.#events;
  }

  quarantinedTotal(method: string): number {
    return this.#quarantinedTotals.get(method) ?? 0;
  }

  /** A worker has told of a change of a state or pin. Times are in ms since 1970. */
  record({ method, state, sinceMs, reason = '', by = 'gateway' }: MethodStanding): void {
    const from = this.#quarantined.has(method) ? 'quarantined' : 'healthy';
    if (state === from) return;
    if (state === 'quarantined') {
      this.#quarantined.add(method);
      this.#quarantinedTotals.set(method, this.quarantinedTotal(method) + 1);
    } else {
      this.#quarantined.delete(method);
    }
    this.#events = [
      ...this.#events.slice(1 - MAX_EVENTS),
      { at: timestamp(sinceMs), method, from, to: state, reason, by },
    ];
  }

  /** Forgets the methods that are not configured any more; what happened to them stays among the events. */
  keepOnly(methods: ReadonlySet<string>): void {
    for (const method of this.#quarantined) if (!methods.has(method)) this.#quarantined.delete(method);
    for (const method of this.#quarantinedTotals.keys()) {
      if (!methods.has(method)) this.#quarantinedTotals.delete(method);
    }
  }
}
