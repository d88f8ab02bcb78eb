import { Pool, type PoolOptions } from './pool.ts';
import { POOL_NAMES, type PoolName, type Slot, type SlotCaller, type SlotHolder } from './slot.ts';

/** Sizes and rules of the three pools. */
export type PoolsOptions = Readonly<Record<PoolName, PoolOptions>>;

/** What `GET /admin/v1/bulkheads` says of a pool. */
export interface PoolStatus {
  readonly size: number;
  readonly active: number;
  readonly waiting: number;
  /** Calls refused, those whose wait ran out included. */
  readonly rejectedTotal: number;
  readonly waitTimedOutTotal: number;
  /** Calls meant for this pool that were passed on to the slow one. */
  readonly overflowedTotal: number;
}

/**
 * The pools normal, slow and heartbeat, and which call takes a slot where.
 *
 * A healthy method's call takes a normal slot. What a method wants beyond its share of normal takes a slow slot, else
 * it is refused; a normal pool that is full of others' calls overflows nothing, or the slow pool would be full as well.
 * A quarantined method's call takes a slow slot. A probe takes a heartbeat slot, and where there is none it is an
 * ordinary call of a quarantined method and takes a slow one: `slot.pool.name` says which it became.
 *
 * One object lives as long as the process: a reload resizes it.
 */
export class Pools {
  readonly normal: Pool;
  readonly slow: Pool;
  readonly heartbeat: Pool;
  #normalOverflowedTotal = 0;
  #heartbeatOverflowedTotal = 0;

  constructor(options: PoolsOptions) {
    this.normal = new Pool('normal', options.normal);
    this.slow = new Pool('slow', options.slow);
    this.heartbeat = new Pool('heartbeat', options.heartbeat);
  }

  /** Number of calls that wait for a slot of any pool; while it is not 0, `tick` must be called every few ms. */
  get waiting(): number {
    return this.normal.waiting + this.slow.waiting + this.heartbeat.waiting;
  }

  /**
   * Gives a slot for a call, held at once or, where `maxWaitMs` of the pool allows, in the line for it: see its `state`.
   *
   * @param pool `normal` for a healthy method, `slow` for a quarantined one, `heartbeat` for a probe
   * @param deadlineMs of the call; a wait ends there at the latest
   * Throws BULKHEAD_FULL, which names the pool that refused. Nothing waits for a heartbeat slot.
   */
  acquire(pool: PoolName, holder: SlotHolder, caller: SlotCaller, nowMs: number, deadlineMs: number): Slot {
    if (pool === 'heartbeat') {
      const slot = this.heartbeat.tryAcquire(holder, caller);
      if (slot !== undefined) return slot;
      this.#heartbeatOverflowedTotal++;
    } else if (pool === 'normal') {
      if (!this.normal.isShareUsedUp(holder)) return this.normal.acquire(holder, caller, nowMs, deadlineMs);
      this.#normalOverflowedTotal++;
    }
    return this.slow.acquire(holder, caller, nowMs, deadlineMs);
  }

  /**
   * To be called when a method enters quarantine: its calls in flight are booked from normal to slow as far as that has
   * room, so that normal has its slots back at once. Its calls that wait for a normal slot go on to the slow pool.
   * Returns the number of calls in flight that were booked over.
   */
  rebookToSlow(holder: SlotHolder, nowMs: number): number {
    return this.normal.rebook(holder, this.slow, nowMs);
  }

  /** Ends the waits that have lasted long enough. */
  tick(nowMs: number): void {
    this.normal.tick(nowMs);
    this.slow.tick(nowMs);
    this.heartbeat.tick(nowMs);
  }

  /** Sets the sizes and rules of a new configuration for calls that come from now on; no call in flight is touched. */
  resize(options: PoolsOptions): void {
    for (const name of POOL_NAMES) this[name].resize(options[name]);
  }

  status(name: PoolName): PoolStatus {
    const { size, active, waiting, counters } = this[name];
    return { size, active, waiting, ...counters, overflowedTotal: this.#overflowedTotal(name) };
  }

  #overflowedTotal(name: PoolName): number {
    if (name === 'normal') return this.#normalOverflowedTotal;
    return name === 'heartbeat' ? this.#heartbeatOverflowedTotal : 0;
  }
}
