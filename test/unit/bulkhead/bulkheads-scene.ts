import { Bulkheads } from '../../../src/bulkhead/bulkheads.ts';
import type { GatedCall } from '../../../src/bulkhead/method-gate.ts';
import type { QuarantineRules } from '../../../src/bulkhead/method-rules.ts';
import type { MethodTransition } from '../../../src/bulkhead/method-transition.ts';
import type { CallVerdict } from '../../../src/bulkhead/method-window.ts';
import type { PoolOptions } from '../../../src/bulkhead/pool.ts';
import { POOL_NAMES, type PoolName } from '../../../src/bulkhead/slot.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { QUICK_RULES } from './method-steps.ts';
import { RecordingCaller } from './recording-caller.ts';

/** What a test says of the pools; without a word: 8 normal, 4 slow and 2 heartbeat slots, and nobody waits. */
export type PoolsInput = Partial<Record<PoolName, Partial<PoolOptions>>>;

const SIZES: Readonly<Record<PoolName, number>> = { normal: 8, slow: 4, heartbeat: 2 };

function quickPools(input: PoolsInput = {}): Record<PoolName, PoolOptions> {
  const options = (name: PoolName): PoolOptions => ({
    size: SIZES[name],
    maxMethodShare: 1,
    maxWaitMs: 0,
    maxQueue: 100,
    ...input[name],
  });
  return { normal: options('normal'), slow: options('slow'), heartbeat: options('heartbeat') };
}

/** Bulkheads under the quick rules, a clock that tests move, and what was reported. */
export class BulkheadsScene {
  readonly bulkheads: Bulkheads;
  readonly transitions: MethodTransition[] = [];
  /** The intervals that were asked for with `wake`. */
  readonly wakes: number[] = [];
  /** What waiting calls were told. */
  readonly log: string[] = [];
  nowMs = 0;

  constructor(pools: PoolsInput = {}, rules: Partial<QuarantineRules> = {}) {
    this.bulkheads = new Bulkheads({
      pools: quickPools(pools),
      rulesOf: () => ({ ...QUICK_RULES, ...rules }),
      onTransition: (transition) => this.transitions.push(transition),
      wake: (intervalMs) => this.wakes.push(intervalMs),
    });
  }

  /** A call of a method comes. */
  enter(key: string, name = key, deadlineMs = this.nowMs + 10_000): GatedCall {
    return this.bulkheads.gate(key).enter(new RecordingCaller(name, this.log), this.nowMs, deadlineMs);
  }

  /** The pool that refuses the next call of a method. */
  refusedBy(key: string): unknown {
    try {
      this.enter(key);
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'BULKHEAD_FULL') return error.extensions?.pool;
      throw error;
    }
    throw new Error('the call was not refused');
  }

  enterMany(key: string, count: number): GatedCall[] {
    return Array.from({ length: count }, () => this.enter(key));
  }

  end(calls: readonly GatedCall[], verdict: CallVerdict = 'ok'): void {
    for (const call of calls) call.end(verdict, this.nowMs);
  }

  /** Lets time pass, with a tick at its end; the interval until the next one. */
  pass(ms: number): number {
    this.nowMs += ms;
    return this.bulkheads.tick(this.nowMs);
  }

  /** Puts a method into quarantine by time-outs. */
  timeOut(key: string): void {
    this.end(this.enterMany(key, QUICK_RULES.timeouts), 'timeout');
  }

  stateOf(key: string): string | undefined {
    return this.bulkheads.methods.find(key)?.state;
  }

  /** Slots in use: normal, slow, heartbeat. */
  get active(): number[] {
    return POOL_NAMES.map((name) => this.bulkheads.pools[name].active);
  }
}
