import { TimerEntry, TimerWheel } from './timer-wheel.ts';

/** Width of a tick in ms: a wait ends less than this after its deadline, and never before it. */
const TICK_MS = 10;
/** Ticks a revolution, about 1.3 s: a longer wait is looked at once a revolution. */
const WHEEL_SLOTS = 128;

/**
 * What a {@link WaitQueue} links into its line: the caller's own object, so that waiting allocates nothing.
 *
 * The fields belong to the queue. An entry is in one queue at most.
 */
export class WaitEntry extends TimerEntry {
  previousInLine: WaitEntry | null = null;
  nextInLine: WaitEntry | null = null;
}

/**
 * Those who wait, first come first served, each with a deadline of its own. To enter, to leave from any place and to
 * be served cost the same however many wait, and one who has left leaves nothing behind.
 *
 * The queue has no clock: the time comes with each call, on a scale that does not go back. It sets no bound on its
 * length; who owns it does.
 */
export class WaitQueue<Entry extends WaitEntry = WaitEntry> {
  #first: WaitEntry | null = null;
  #last: WaitEntry | null = null;
  #size = 0;
  /** Made when somebody waits for the first time: most queues stay empty for good. */
  #wheel: TimerWheel | undefined;

  /** Number of entries that wait. */
  get size(): number {
    return this.#size;
  }

  /** Who is next; undefined when nobody waits. */
  get first(): Entry | undefined {
    return (this.#first as Entry | null) ?? undefined;
  }

  /** Puts an entry, which is in no queue, at the end of the line. A deadline in the past ends at the next tick. */
  push(entry: Entry, nowMs: number, deadlineMs: number): void {
    const last = this.#last;
    entry.previousInLine = last;
    entry.nextInLine = null;
    if (last === null) this.#first = entry;
    else last.nextInLine = entry;
    this.#last = entry;
    this.#size++;
    this.#wheel ??= new TimerWheel(nowMs, { tickMs: TICK_MS, slots: WHEEL_SLOTS });
    this.#wheel.schedule(entry, deadlineMs);
  }

  /** Takes an entry, which must be in this queue, out of the line, wherever it stands. */
  remove(entry: Entry): void {
    this.#wheel!.cancel(entry);
    const { previousInLine, nextInLine } = entry;
    if (previousInLine === null) this.#first = nextInLine;
    else previousInLine.nextInLine = nextInLine;
    if (nextInLine === null) this.#last = previousInLine;
    else nextInLine.previousInLine = previousInLine;
    entry.previousInLine = null;
    entry.nextInLine = null;
    this.#size--;
  }

  /** Takes out and returns who is next; undefined when nobody waits. */
  shift(): Entry | undefined {
    const { first } = this;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /**
   * Takes out each entry whose deadline has passed and hands it over. The callback may push and remove entries. A call
   * from within the callback does nothing.
   */
  expire(nowMs: number, onExpire: (entry: Entry) => void): void {
    this.#wheel?.advance(nowMs, (entry) => {
      this.remove(entry as Entry);
      onExpire(entry as Entry);
    });
  }

  /** Copies the line, first to last. */
  toArray(): Entry[] {
    const entries: Entry[] = [];
    for (let entry = this.#first; entry !== null; entry = entry.nextInLine) entries.push(entry as Entry);
    return entries;
  }
}
