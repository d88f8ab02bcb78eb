import type { GatewayError } from '../errors/gateway-error.ts';
import { WaitEntry } from '../time/wait-queue.ts';
import type { Listed, SlotList } from './slot-list.ts';
import type { SlotSeat } from './slot-seat.ts';

/** The three pools. */
export const POOL_NAMES = ['normal', 'slow', 'heartbeat'] as const;
export type PoolName = (typeof POOL_NAMES)[number];

/**
 * Where a slot is in its life. `waiting`: in the pool's queue; `held`: its call may run; `released`: over, for good,
 * whether the call ended, was aborted or was refused.
 */
export type SlotState = 'waiting' | 'held' | 'released';

/** The call that a slot is for. Neither method may throw. */
export interface SlotCaller {
  /** The wait is over: the call holds its slot. Comes at most once, and only for a slot that was given as waiting. */
  onSlot(slot: Slot): void;
  /** The wait is over and there is no slot: BULKHEAD_FULL. The slot is released already. */
  onSlotRefused(error: GatewayError): void;
}

/** What one method has of one pool. */
export interface SlotShare {
  readonly held: SlotList<Slot>;
  /** Number of calls in the pool's queue. */
  waiting: number;
}

/** Who slots are booked to: a method. */
export interface SlotHolder {
  shareOf(pool: PoolName): SlotShare;
}

/** The pool a slot belongs to, as the slot sees it. */
export interface SlotPool {
  readonly name: PoolName;
  /** Takes back a slot that is held, or out of the queue one that waits. */
  takeBack(slot: Slot): void;
  /** Takes over a slot that is held in another pool; `false`, and nothing changes, if there is no room. */
  takeOver(slot: Slot): boolean;
  /** Strikes out a held slot that another pool takes over; `passOn` must follow. */
  strikeOut(slot: Slot): void;
  /** The error for a call whose slot came when its time was over. It is counted as a wait that ran out. */
  tooLate(): GatewayError;
  /** Gives the seat of a slot that was struck out to the first who waits, or vacates it. */
  passOn(seat: SlotSeat): void;
}

/**
 * The right of one call to be in flight, or its place in the line for that. One object a call; the pool links it into
 * its queue or into the list of what its method holds.
 *
 * The fields belong to the pool; callers use `state`, `pool`, `release` and `moveTo`.
 */
export class Slot extends WaitEntry implements Listed<Slot> {
  state: SlotState = 'waiting';
  pool: SlotPool;
  readonly holder: SlotHolder;
  readonly caller: SlotCaller;
  /** Time at which the wait ends. */
  deadlineMs = 0;
  seat: SlotSeat | undefined = undefined;
  previousHeld: Slot | undefined = undefined;
  nextHeld: Slot | undefined = undefined;

  constructor(pool: SlotPool, holder: SlotHolder, caller: SlotCaller) {
    super();
    this.pool = pool;
    this.holder = holder;
    this.caller = caller;
  }

  /**
   * Ends it: a held slot goes to the first who waits or becomes free; a waiting one leaves the queue at once, and
   * nothing of its caller is called any more. Does nothing the second time.
   */
  release(): void {
    if (this.state !== 'released') this.pool.takeBack(this);
  }

  /**
   * Books a held slot to another pool. `false`, and nothing changes, if that pool has no room, others wait there, the
   * method has its share of it, or the slot is not held.
   */
  moveTo(pool: SlotPool): boolean {
    return this.state === 'held' && pool !== this.pool && pool.takeOver(this);
  }
}
