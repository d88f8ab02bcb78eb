import type { PoolName, Slot, SlotHolder, SlotShare } from './slot.ts';
import { SlotList } from './slot-list.ts';

/**
 * What one method holds of each pool, and how many of its calls wait there.
 *
 * There must be one account a method key for as long as it is not idle: a second one would have a share of its own.
 */
export class SlotAccount implements SlotHolder {
  readonly #normal = new AccountShare();
  readonly #slow = new AccountShare();
  readonly #heartbeat = new AccountShare();

  shareOf(pool: PoolName): SlotShare {
    if (pool === 'normal') return this.#normal;
    return pool === 'slow' ? this.#slow : this.#heartbeat;
  }

  /** Number of calls of the method that hold a slot of the pool. */
  activeIn(pool: PoolName): number {
    return this.shareOf(pool).held.size;
  }

  /** Number of calls of the method that wait for a slot of the pool. */
  waitingIn(pool: PoolName): number {
    return this.shareOf(pool).waiting;
  }

  /** Whether the account holds and waits for nothing, so that it can be forgotten. */
  get isIdle(): boolean {
    return this.#normal.isIdle && this.#slow.isIdle && this.#heartbeat.isIdle;
  }
}

class AccountShare implements SlotShare {
  readonly held = new SlotList<Slot>();
  waiting = 0;

  get isIdle(): boolean {
    return this.held.size === 0 && this.waiting === 0;
  }
}
