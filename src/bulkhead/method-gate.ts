import type { GatewayError } from '../errors/gateway-error.ts';
import { TrackedCall } from './method-calls.ts';
import type { MethodHealth } from './method-health.ts';
import type { MethodRegistry } from './method-registry.ts';
import type { CallVerdict } from './method-window.ts';
import type { Pools } from './pools.ts';
import type { PoolName, Slot, SlotCaller } from './slot.ts';
import { SlotAccount } from './slot-account.ts';

/** What the gates of all methods share. */
export interface GateSurroundings {
  readonly pools: Pools;
  readonly methods: MethodRegistry;
  /** A call waits for its slot from now on. */
  onWaiting(): void;
}

/**
 * Where the calls of one method pass: its state says which pool, the pool gives the slot. There is one gate a method key
 * for as long as that is configured, since what the method holds of the pools is counted here.
 */
export class MethodGate {
  /** The method key. */
  readonly key: string;
  /** What the method holds of each pool. */
  readonly account = new SlotAccount();
  readonly #surroundings: GateSurroundings;

  constructor(key: string, surroundings: GateSurroundings) {
    this.key = key;
    this.#surroundings = surroundings;
  }

  /**
   * Takes a slot for a call, at once or in the line for it: see `isWaiting`. A call that waits is told by `caller`, and
   * then has to be started.
   *
   * Throws BULKHEAD_FULL.
   */
  enter(caller: SlotCaller, nowMs: number, deadlineMs: number): GatedCall {
    const { pools, methods } = this.#surroundings;
    const method = methods.method(this.key, nowMs);
    const pool = method.choose(nowMs);
    let slot: Slot | undefined;
    try {
      slot = pools.acquire(pool, this.account, caller, nowMs, deadlineMs);
    } finally {
      if (pool === 'heartbeat' && slot?.pool.name !== 'heartbeat') method.returnProbe();
    }
    const call = new GatedCall(method, slot);
    if (slot.state === 'held') call.start(nowMs);
    else this.#surroundings.onWaiting();
    return call;
  }

  /**
   * Takes a slot for a call that is made beside another of the same request, so that nothing depends on it: a free one of
   * the normal pool while the method is healthy, or none, which counts nowhere.
   */
  tryEnter(caller: SlotCaller, nowMs: number): GatedCall | undefined {
    const { pools, methods } = this.#surroundings;
    const method = methods.method(this.key, nowMs);
    const slot = method.state === 'healthy' ? pools.normal.tryAcquire(this.account, caller) : undefined;
    if (slot === undefined) return undefined;
    const call = new GatedCall(method, slot);
    call.start(nowMs);
    return call;
  }
}

/** One call that has a slot or waits for one. It has to be ended, once and whatever happens. */
export class GatedCall extends TrackedCall {
  readonly #method: MethodHealth;
  readonly #slot: Slot;

  constructor(method: MethodHealth, slot: Slot) {
    super();
    this.#method = method;
    this.#slot = slot;
  }

  /** Whether the call still waits for its slot. */
  get isWaiting(): boolean {
    return this.#slot.state === 'waiting';
  }

  /** The pool whose slot the call holds or waits for; a quarantine can move it to another. */
  get pool(): PoolName {
    return this.#slot.pool.name;
  }

  /** A call that waited has its slot and begins. */
  start(nowMs: number): void {
    this.#method.onStart(this, nowMs, this.pool === 'heartbeat');
  }

  /**
   * A call that waited got its slot when its own time was over: gives it back. Returns BULKHEAD_FULL, which is what the
   * end of its wait would have brought a moment later.
   */
  tooLate(): GatewayError {
    const error = this.#slot.pool.tooLate();
    this.#slot.release();
    return error;
  }

  /** The call is over: gives the slot back and tells the method's health. Does nothing the second time. */
  end(verdict: CallVerdict, nowMs: number): void {
    this.#slot.release();
    this.#method.onEnd(this, nowMs, verdict);
  }
}
