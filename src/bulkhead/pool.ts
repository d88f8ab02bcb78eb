import pLimit, { type LimitFunction } from 'p-limit';
import type { GatewayError } from '../errors/gateway-error.ts';
import { WaitQueue } from '../time/wait-queue.ts';
import { bulkheadFullError, type PoolRefusalReason } from './pool-refusal.ts';
import { type PoolName, Slot, type SlotCaller, type SlotHolder, type SlotPool } from './slot.ts';
import { SlotSeat } from './slot-seat.ts';

/** Size and rules of a {@link Pool}. */
export interface PoolOptions {
  /** Calls in flight at a time; 0 refuses every call. */
  readonly size: number;
  /** Part of the size, above 0 up to 1, that one method may hold and wait for; at least one slot; 1 is no limit. */
  readonly maxMethodShare: number;
  /** Longest wait in ms for a slot; 0 refuses at once. */
  readonly maxWaitMs: number;
  /** Number of calls that may wait at a time. */
  readonly maxQueue: number;
}

/** What a pool has counted since it was made. */
export interface PoolCounters {
  /** Calls refused, those whose wait ran out included. */
  readonly rejectedTotal: number;
  /** Calls whose wait ran out. */
  readonly waitTimedOutTotal: number;
}

/**
 * A bounded number of calls in flight. It counts calls, not threads: a call that waits for its provider costs the
 * memory of a slot.
 *
 * No slot, no call, unless `maxWaitMs` allows a wait. Those who wait are served strictly in their order: a slot that is
 * given back goes from the leaver to the first in the line, and while anybody waits a newcomer gets none, however many
 * are free. A method's share counts what it holds and what it waits for, so that whoever waits can be served when the
 * turn comes. Each slot is a running task of a p-limit limiter.
 *
 * Callers are told of their slots in the middle of somebody else's `release`; they may use the pool from there.
 */
export class Pool implements SlotPool {
  readonly name: PoolName;
  readonly #limit: LimitFunction;
  readonly #queue = new WaitQueue<Slot>();
  #size = 0;
  #maxPerMethod = 0;
  #maxWaitMs = 0;
  #maxQueue = 0;
  #active = 0;
  #rejectedTotal = 0;
  #waitTimedOutTotal = 0;
  /** Whether the line is being served further up the stack, or must not be served yet. */
  #isServing = false;

  /** @param limit the limiter whose tasks are the slots; the pool sets its concurrency */
  constructor(name: PoolName, options: PoolOptions, limit: LimitFunction = pLimit(1)) {
    this.name = name;
    this.#limit = limit;
    this.resize(options);
  }

  get size(): number {
    return this.#size;
  }

  /** Number of calls in flight. Above `size` only for a while after the pool was made smaller. */
  get active(): number {
    return this.#active;
  }

  /** Number of calls that wait for a slot. */
  get waiting(): number {
    return this.#queue.size;
  }

  get counters(): PoolCounters {
    return { rejectedTotal: this.#rejectedTotal, waitTimedOutTotal: this.#waitTimedOutTotal };
  }

  /** Whether the method has all it may have of this pool, be it held or waited for. */
  isShareUsedUp(holder: SlotHolder): boolean {
    const share = holder.shareOf(this.name);
    return share.held.size + share.waiting >= this.#maxPerMethod;
  }

  /** Whether `tryAcquire` would give the method a slot. */
  hasRoomFor(holder: SlotHolder): boolean {
    return this.#hasFreeSlot && !this.isShareUsedUp(holder);
  }

  /**
   * Gives a slot now or not at all: undefined if there is none free, others wait, or the share is used up. That is not
   * counted as a rejection: the call may go elsewhere.
   */
  tryAcquire(holder: SlotHolder, caller: SlotCaller): Slot | undefined {
    return this.hasRoomFor(holder) ? this.#give(holder, caller) : undefined;
  }

  /**
   * Gives a slot, held at once or in the line for it: see its `state`. The wait ends at `deadlineMs` or after
   * `maxWaitMs`, whichever comes first, at the next `tick`.
   *
   * Throws BULKHEAD_FULL if the share is used up or the call cannot wait.
   */
  acquire(holder: SlotHolder, caller: SlotCaller, nowMs: number, deadlineMs: number): Slot {
    if (this.isShareUsedUp(holder)) throw this.#refusal('share');
    if (this.#hasFreeSlot) return this.#give(holder, caller);
    if (!this.#canWait(nowMs, deadlineMs)) throw this.#refusal('full');
    const slot = new Slot(this, holder, caller);
    this.#enqueue(slot, nowMs, deadlineMs);
    return slot;
  }

  /** Ends the waits that have lasted long enough. To be called every few ms while anybody waits. */
  tick(nowMs: number): void {
    this.#queue.expire(nowMs, this.#endWait);
    this.#serve();
  }

  /**
   * Sets new rules. They hold for calls that come from now on: calls in flight keep their slots, also beyond the new
   * size or share, and who waits keeps place and deadline.
   */
  resize({ size, maxMethodShare, maxWaitMs, maxQueue }: PoolOptions): void {
    this.#size = size;
    this.#maxPerMethod = slotsOfShare(size, maxMethodShare);
    this.#maxWaitMs = maxWaitMs;
    this.#maxQueue = maxQueue;
    this.#limit.concurrency = Math.max(1, size);
    this.#serve();
  }

  /**
   * Books what a method has here to another pool: first the calls in flight, those in flight for longest first, as far
   * as there is room; then those that wait, who get a slot there, or wait there no longer than here, or are refused.
   * Returns the number of calls in flight that were booked over.
   */
  rebook(holder: SlotHolder, target: Pool, nowMs: number): number {
    // Nobody is served in between: the slots that become free are not for the method's own calls.
    const wasServing = this.#isServing;
    this.#isServing = true;
    let moved = 0;
    try {
      const { held } = holder.shareOf(this.name);
      while (held.first?.moveTo(target)) moved++;
      if (holder.shareOf(this.name).waiting > 0) {
        for (const slot of this.#queue.toArray()) {
          // A caller that was told of its slot may have ended any of the others.
          if (slot.holder === holder && slot.state === 'waiting' && slot.pool === this) {
            this.#dequeue(slot);
            target.#takeInLine(slot, nowMs);
          }
        }
      }
    } finally {
      this.#isServing = wasServing;
    }
    this.#serve();
    return moved;
  }

  takeBack(slot: Slot): void {
    if (slot.state === 'waiting') {
      this.#dequeue(slot);
      slot.state = 'released';
      return;
    }
    const seat = slot.seat!;
    this.strikeOut(slot);
    slot.state = 'released';
    this.passOn(seat);
  }

  takeOver(slot: Slot): boolean {
    if (!this.hasRoomFor(slot.holder)) return false;
    const { pool, seat } = slot;
    pool.strikeOut(slot);
    slot.pool = this;
    this.#hold(slot, new SlotSeat(this.#limit));
    pool.passOn(seat!);
    return true;
  }

  strikeOut(slot: Slot): void {
    slot.holder.shareOf(this.name).held.remove(slot);
    slot.seat = undefined;
    this.#active--;
  }

  passOn(seat: SlotSeat): void {
    if (this.#isServing || this.#queue.size === 0 || this.#active >= this.#size) {
      seat.vacate();
    } else {
      this.#serve(seat);
    }
  }

  tooLate(): GatewayError {
    this.#waitTimedOutTotal++;
    return this.#refusal('waited');
  }

  get #hasFreeSlot(): boolean {
    return this.#active < this.#size && this.#queue.size === 0;
  }

  #canWait(nowMs: number, deadlineMs: number): boolean {
    return this.#maxWaitMs > 0 && this.#queue.size < this.#maxQueue && deadlineMs > nowMs;
  }

  #give(holder: SlotHolder, caller: SlotCaller): Slot {
    const slot = new Slot(this, holder, caller);
    this.#hold(slot, new SlotSeat(this.#limit));
    return slot;
  }

  #hold(slot: Slot, seat: SlotSeat): void {
    slot.state = 'held';
    slot.seat = seat;
    slot.holder.shareOf(this.name).held.add(slot);
    this.#active++;
  }

  #enqueue(slot: Slot, nowMs: number, deadlineMs: number): void {
    slot.deadlineMs = Math.min(deadlineMs, nowMs + this.#maxWaitMs);
    this.#queue.push(slot, nowMs, slot.deadlineMs);
    slot.holder.shareOf(this.name).waiting++;
  }

  #dequeue(slot: Slot): void {
    this.#queue.remove(slot);
    slot.holder.shareOf(this.name).waiting--;
  }

  /** Gives free slots to those who wait, in their order; the first gets the seat that was handed in. */
  #serve(seat?: SlotSeat): void {
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      let next = seat;
      while (this.#active < this.#size && this.#queue.size > 0) {
        const slot = this.#queue.shift()!;
        slot.holder.shareOf(this.name).waiting--;
        this.#hold(slot, next ?? new SlotSeat(this.#limit));
        next = undefined;
        slot.caller.onSlot(slot);
      }
    } finally {
      this.#isServing = false;
    }
  }

  /** Takes a call that waited in another pool. */
  #takeInLine(slot: Slot, nowMs: number): void {
    slot.pool = this;
    if (this.hasRoomFor(slot.holder)) {
      this.#hold(slot, new SlotSeat(this.#limit));
      slot.caller.onSlot(slot);
    } else if (this.isShareUsedUp(slot.holder)) {
      this.#refuse(slot, 'share');
    } else if (this.#canWait(nowMs, slot.deadlineMs)) {
      this.#enqueue(slot, nowMs, slot.deadlineMs);
    } else {
      this.#refuse(slot, 'full');
    }
  }

  readonly #endWait = (slot: Slot): void => {
    slot.holder.shareOf(this.name).waiting--;
    this.#waitTimedOutTotal++;
    this.#refuse(slot, 'waited');
  };

  #refuse(slot: Slot, reason: PoolRefusalReason): void {
    slot.state = 'released';
    slot.caller.onSlotRefused(this.#refusal(reason));
  }

  #refusal(reason: PoolRefusalReason): GatewayError {
    this.#rejectedTotal++;
    return bulkheadFullError(this.name, reason);
  }
}

/**
 * A share in whole slots, at least one. Rounded down, with an allowance for 100 slots of 0.29, which are 28.999... in
 * binary. A share that comes to the whole pool is no limit: more than all cannot be held, and the rest may wait.
 */
function slotsOfShare(size: number, share: number): number {
  const slots = Math.max(1, Math.floor(size * share + 1e-6));
  return slots >= size ? Number.POSITIVE_INFINITY : slots;
}
