import { MethodGate } from './method-gate.ts';
import type { MethodHealth } from './method-health.ts';
import { MethodRegistry } from './method-registry.ts';
import type { QuarantineRules } from './method-rules.ts';
import type { MethodsSnapshot } from './method-snapshot.ts';
import type { MethodStanding } from './method-standing.ts';
import type { MethodTransition } from './method-transition.ts';
import { type PoolStatus, Pools, type PoolsOptions } from './pools.ts';
import type { PoolName } from './slot.ts';

/** Settings of {@link Bulkheads}. */
export interface BulkheadsOptions {
  readonly pools: PoolsOptions;
  /** The rules of a method, by its key. */
  readonly rulesOf: (key: string) => QuarantineRules;
  /** Hears of each change of a state, after it. Must not throw. */
  readonly onTransition?: (transition: MethodTransition) => void;
  /** Hears of each change of a state or pin that was made here. Must not throw. */
  readonly onStanding?: ((standing: MethodStanding) => void) | undefined;
  /** Asked for a `tick` within so many ms. */
  readonly wake: (intervalMs: number) => void;
}

/** Pools and methods as the status shows them. */
export interface BulkheadsStatus extends MethodsSnapshot {
  readonly pools: Readonly<Record<PoolName, PoolStatus>>;
}

/** How often in ms waits are looked at while somebody waits. */
const WAITING_TICK_MS = 10;
/** How often in ms methods are looked at: a call in flight is seen to be slow at most this much late. */
const METHODS_TICK_MS = 100;

/**
 * The pools and the health of all methods, put together: a method that goes into quarantine has its calls in flight booked
 * over to the slow pool. Lives as long as the process, whatever the configuration.
 */
export class Bulkheads {
  readonly pools: Pools;
  readonly methods: MethodRegistry;
  readonly #gates = new Map<string, MethodGate>();
  readonly #wake: (intervalMs: number) => void;

  constructor({ pools, rulesOf, onTransition, onStanding, wake }: BulkheadsOptions) {
    this.pools = new Pools(pools);
    this.#wake = wake;
    this.methods = new MethodRegistry({
      rulesOf,
      onStanding,
      onTransition: (transition) => {
        if (transition.to === 'quarantined') this.#rebook(transition);
        onTransition?.(transition);
      },
    });
  }

  /** The gate of a method, the same one for the same key. Making one makes the method known to operators. */
  gate(key: string): MethodGate {
    let gate = this.#gates.get(key);
    if (gate === undefined) {
      gate = new MethodGate(key, {
        pools: this.pools,
        methods: this.methods,
        onWaiting: () => this.#wake(WAITING_TICK_MS),
      });
      this.#gates.set(key, gate);
      this.#wake(METHODS_TICK_MS);
    }
    return gate;
  }

  /**
   * Takes sizes and rules of a new configuration; no call in flight is touched. The gates of methods that are not
   * configured any more are let go of: their last calls still pass them.
   */
  configure(
    pools: PoolsOptions,
    rulesOf: (key: string) => QuarantineRules,
    nowMs: number,
    isConfigured: (key: string) => boolean,
  ): void {
    this.pools.resize(pools);
    this.methods.configure(rulesOf, nowMs, isConfigured);
    for (const key of this.#gates.keys()) if (!isConfigured(key)) this.#gates.delete(key);
  }

  /** Sees to what time alone brings. Returns the time in ms until the next tick; 0 where none is needed. */
  tick(nowMs: number): number {
    this.methods.tick(nowMs);
    this.pools.tick(nowMs);
    if (this.pools.waiting > 0) return WAITING_TICK_MS;
    return this.#gates.size > 0 ? METHODS_TICK_MS : 0;
  }

  /**
   * @param wallOffsetMs milliseconds since 1970 UTC less `nowMs`
   * @param methods those to show; default all
   */
  status(nowMs: number, wallOffsetMs: number, methods?: Iterable<MethodHealth>): BulkheadsStatus {
    const { pools } = this;
    return {
      pools: { normal: pools.status('normal'), slow: pools.status('slow'), heartbeat: pools.status('heartbeat') },
      ...this.methods.snapshot({ nowMs, wallOffsetMs, activeOf: (key) => this.activeOf(key) }, methods),
    };
  }

  /** What a method holds of the pools. */
  activeOf(key: string): Readonly<Record<PoolName, number>> {
    const account = this.#gates.get(key)?.account;
    return {
      normal: account?.activeIn('normal') ?? 0,
      slow: account?.activeIn('slow') ?? 0,
      heartbeat: account?.activeIn('heartbeat') ?? 0,
    };
  }

  #rebook({ method, atMs }: MethodTransition): void {
    const account = this.#gates.get(method)?.account;
    if (account !== undefined) this.pools.rebookToSlow(account, atMs);
  }
}
