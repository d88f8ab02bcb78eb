/**
 * What a {@link TimerWheel} links into its lists: the caller's own object, so that scheduling allocates nothing.
 *
 * The fields belong to the wheel. An entry is in one wheel at most.
 */
export class TimerEntry {
  /** Neighbours in the list of a slot; both are null while the entry is not scheduled. */
  previousEntry: TimerEntry | null = null;
  nextEntry: TimerEntry | null = null;
  /** Number of the tick at which the entry is due. */
  deadlineTick = 0;

  get isScheduled(): boolean {
    return this.nextEntry !== null;
  }
}

/** Sizes of a {@link TimerWheel}. */
export interface TimerWheelOptions {
  /** Width of a tick in ms, default 10: an entry fires less than one tick after its deadline, and never before it. */
  readonly tickMs?: number;
  /** Number of slots, a power of two; default 1,024. With 10 ms ticks a revolution is then about 10 s. */
  readonly slots?: number;
}

/**
 * Deadlines of many entries in one hashed wheel (Varghese and Lauck, scheme 6): `schedule` and `cancel` cost the same
 * whatever the deadline and however many entries there are, and a cancelled entry leaves nothing behind.
 *
 * An entry whose deadline is more than a revolution away stays in its slot and is looked at once per revolution. The
 * wheel has no clock: the time comes with each call, on a scale that does not go back.
 */
export class TimerWheel<Entry extends TimerEntry = TimerEntry> {
  readonly tickMs: number;
  readonly #mask: number;
  /** Heads of circular lists: an empty list is a head that points at itself. */
  readonly #heads: TimerEntry[] = [];
  /** Entries taken out of a slot that are being looked at; kept so that a throwing callback loses none. */
  readonly #taken = listHead();
  #currentTick: number;
  #size = 0;
  #advancing = false;

  /** @param nowMs the present time; deadlines are on the same scale */
  constructor(nowMs: number, options: TimerWheelOptions = {}) {
    const { tickMs = 10, slots = 1024 } = options;
    if (!(tickMs > 0)) throw new RangeError(`tickMs must be positive, got ${tickMs}`);
    if (!Number.isInteger(slots) || slots < 1 || (slots & (slots - 1)) !== 0) {
      throw new RangeError(`slots must be a power of two, got ${slots}`);
    }
    this.tickMs = tickMs;
    this.#mask = slots - 1;
    for (let i = 0; i < slots; i++) this.#heads.push(listHead());
    this.#currentTick = Math.floor(nowMs / tickMs);
  }

  /** Number of scheduled entries. */
  get size(): number {
    return this.#size;
  }

  /** Schedules an entry; one that is scheduled already is moved. A deadline in the past is due at the next tick. */
  schedule(entry: Entry, deadlineMs: number): void {
    if (entry.nextEntry !== null) this.cancel(entry);
    const tick = Math.ceil(deadlineMs / this.tickMs);
    entry.deadlineTick = tick > this.#currentTick ? tick : this.#currentTick + 1;
    this.#link(entry);
    this.#size++;
  }

  /** Takes an entry out at once. Does nothing if it is not scheduled. */
  cancel(entry: Entry): void {
    if (entry.nextEntry === null) return;
    unlink(entry);
    this.#size--;
  }

  /**
   * Moves to `nowMs` and hands over each entry that is due, after taking it out. The callback may schedule and cancel
   * any entry, also the one it was given. Entries come in the order of their ticks, unless a whole revolution or more
   * has passed since the last call. A call from within the callback does nothing.
   */
  advance(nowMs: number, onExpire: (entry: Entry) => void): void {
    const targetTick = Math.floor(nowMs / this.tickMs);
    if (this.#advancing || targetTick <= this.#currentTick) return;
    this.#advancing = true;
    try {
      this.#expireTaken(onExpire);
      if (targetTick - this.#currentTick > this.#mask) {
        this.#currentTick = targetTick;
        for (let slot = 0; slot <= this.#mask && this.#size > 0; slot++) this.#expireSlot(slot, onExpire);
      } else {
        while (this.#currentTick < targetTick && this.#size > 0) {
          this.#currentTick++;
          this.#expireSlot(this.#currentTick & this.#mask, onExpire);
        }
        this.#currentTick = targetTick;
      }
    } finally {
      this.#advancing = false;
    }
  }

  #expireSlot(slot: number, onExpire: (entry: Entry) => void): void {
    const head = this.#heads[slot]!;
    const first = head.nextEntry!;
    if (first === head) return;
    const last = head.previousEntry!;
    const taken = this.#taken;
    taken.nextEntry = first;
    first.previousEntry = taken;
    taken.previousEntry = last;
    last.nextEntry = taken;
    head.nextEntry = head;
    head.previousEntry = head;
    this.#expireTaken(onExpire);
  }

  #expireTaken(onExpire: (entry: Entry) => void): void {
    const taken = this.#taken;
    for (let entry = taken.nextEntry!; entry !== taken; entry = taken.nextEntry!) {
      unlink(entry);
      if (entry.deadlineTick > this.#currentTick) {
        this.#link(entry);
      } else {
        this.#size--;
        onExpire(entry as Entry);
      }
    }
  }

  #link(entry: TimerEntry): void {
    const head = this.#heads[entry.deadlineTick & this.#mask]!;
    const last = head.previousEntry!;
    entry.previousEntry = last;
    entry.nextEntry = head;
    last.nextEntry = entry;
    head.previousEntry = entry;
  }
}

function listHead(): TimerEntry {
  const head = new TimerEntry();
  head.previousEntry = head;
  head.nextEntry = head;
  return head;
}

function unlink(entry: TimerEntry): void {
  const previous = entry.previousEntry!;
  const next = entry.nextEntry!;
  previous.nextEntry = next;
  next.previousEntry = previous;
  entry.previousEntry = null;
  entry.nextEntry = null;
}
