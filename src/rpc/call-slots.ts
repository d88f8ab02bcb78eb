import type { PendingCall } from './pending-call.ts';

/** Sizes are powers of two. */
const SMALLEST = 16;
/** A table that was larger becomes small again when it is empty: a stall can leave tens of thousands of calls pending. */
const KEPT = 1_024;
/** 2^32 divided by the golden ratio: ids that follow each other come to lie far apart (Knuth, vol. 3, 6.4). */
const SPREAD = 0x9e37_79b1;

/**
 * Calls by request id: a hash table with open addressing, at most half full, whose removals leave no mark.
 *
 * A `Map` is as fast by itself, but not for the collector: it moves to a new table whenever it has had as many removals
 * as it has room, and V8 links the one it leaves to the next (`OrderedHashTable::SetNextTable`, for iterators that are
 * on their way). Once such a table has grown old, it keeps all that come after it, and with them nearly every call, until
 * all of memory is collected: a kilobyte a call was copied three times instead of none.
 */
export class CallSlots {
  /** 0 where nothing is: ids count from 1. */
  #ids = new Float64Array(SMALLEST);
  #calls: (PendingCall | undefined)[] = emptySlots(SMALLEST);
  #size = 0;
  #shift = shiftOf(SMALLEST);

  get size(): number {
    return this.#size;
  }

  get(id: number): PendingCall | undefined {
    const at = this.#find(id);
    return at === -1 ? undefined : this.#calls[at];
  }

  /** Enters a call under an id that is not in the table. */
  add(id: number, call: PendingCall): void {
    if ((this.#size + 1) * 2 > this.#ids.length) this.#resize(this.#ids.length * 2);
    this.#put(id, call);
    this.#size++;
  }

  /** Takes a call out; undefined if there is none. */
  take(id: number): PendingCall | undefined {
    const at = this.#find(id);
    if (at === -1) return undefined;
    const call = this.#calls[at];
    this.#empty(at);
    this.#size--;
    if (this.#size === 0 && this.#ids.length > KEPT) this.#resize(SMALLEST);
    return call;
  }

  /** Takes out all, and returns them by their ids. */
  takeAll(): PendingCall[] {
    const taken = [...this.#entries()].sort(([a], [b]) => a - b);
    this.#size = 0;
    this.#resize(SMALLEST, []);
    return taken.map(([, call]) => call);
  }

  *#entries(): Generator<[id: number, call: PendingCall]> {
    for (const [at, call] of this.#calls.entries()) if (call !== undefined) yield [this.#ids[at]!, call];
  }

  #find(id: number): number {
    const ids = this.#ids;
    const mask = ids.length - 1;
    for (let at = this.#home(id); ids[at] !== 0; at = (at + 1) & mask) if (ids[at] === id) return at;
    return -1;
  }

  #put(id: number, call: PendingCall): void {
    const ids = this.#ids;
    const mask = ids.length - 1;
    let at = this.#home(id);
    while (ids[at] !== 0) at = (at + 1) & mask;
    ids[at] = id;
    this.#calls[at] = call;
  }

  /** Empties a slot: whoever behind it could stand there moves up, or would not be found any more. */
  #empty(slot: number): void {
    const ids = this.#ids;
    const calls = this.#calls;
    const mask = ids.length - 1;
    let hole = slot;
    for (let at = (hole + 1) & mask; ids[at] !== 0; at = (at + 1) & mask) {
      const fromHome = (at - this.#home(ids[at]!)) & mask;
      const fromHole = (at - hole) & mask;
      if (fromHome < fromHole) continue;
      ids[hole] = ids[at]!;
      calls[hole] = calls[at];
      hole = at;
    }
    ids[hole] = 0;
    calls[hole] = undefined;
  }

  #resize(capacity: number, kept = [...this.#entries()]): void {
    this.#ids = new Float64Array(capacity);
    this.#calls = emptySlots(capacity);
    this.#shift = shiftOf(capacity);
    for (const [id, call] of kept) this.#put(id, call);
  }

  /** The slot that an id has if it is free. */
  #home(id: number): number {
    return Math.imul(id, SPREAD) >>> this.#shift;
  }
}

function emptySlots(capacity: number): (PendingCall | undefined)[] {
  return new Array<PendingCall | undefined>(capacity).fill(undefined);
}

/** What leaves as many of the high bits of 32 as a slot's number has. */
function shiftOf(capacity: number): number {
  return 32 - Math.log2(capacity);
}
