import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import pLimit from 'p-limit';
import { Pool, type PoolOptions } from '../../../src/bulkhead/pool.ts';
import { Pools, type PoolsOptions } from '../../../src/bulkhead/pools.ts';
import { POOL_NAMES, type PoolName, type Slot } from '../../../src/bulkhead/slot.ts';
import { SlotAccount } from '../../../src/bulkhead/slot-account.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { type ModelCall, PoolsModel } from './pool-model.ts';
import { RecordingCaller } from './recording-caller.ts';

const METHODS = 4;
const STEPS_PER_RUN = 500;
const RUNS = 200;

const rules: fc.Arbitrary<PoolOptions> = fc.record({
  size: fc.integer({ min: 0, max: 8 }),
  maxMethodShare: fc.constantFrom(0.25, 0.5, 0.75, 1),
  maxWaitMs: fc.constantFrom(0, 50, 200, 1_000),
  maxQueue: fc.integer({ min: 0, max: 6 }),
});
const sizes: fc.Arbitrary<PoolsOptions> = fc.record({ normal: rules, slow: rules, heartbeat: rules });
const method = fc.integer({ min: 0, max: METHODS - 1 });
const poolName = fc.constantFrom(...POOL_NAMES);
/** Which of the calls so far, counted from the newest: most are near enough to be alive. */
const which = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 15 }) }, { weight: 1, arbitrary: fc.nat() });

const step = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({
      kind: fc.constant('acquire' as const),
      pool: poolName,
      method,
      timeoutMs: fc.integer({ min: 0, max: 40 }).map((tens) => tens * 10),
    }),
  },
  { weight: 35, arbitrary: fc.record({ kind: fc.constant('release' as const), which }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('move' as const), which, pool: poolName }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('rebook' as const), method }) },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), tens: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resize' as const), sizes }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The pools and their model, driven side by side and compared after every step. */
class Pair {
  readonly #pools: Pools;
  readonly #model: PoolsModel;
  readonly #accounts = Array.from({ length: METHODS }, () => new SlotAccount());
  readonly #calls: { readonly slot: Slot; readonly call: ModelCall; readonly method: number }[] = [];
  readonly #log: string[] = [];
  #named = 0;
  #nowMs = 0;

  constructor(options: PoolsOptions) {
    this.#pools = new Pools(options);
    this.#model = new PoolsModel(options);
  }

  run(action: Step): void {
    if (action.kind === 'acquire') this.#acquire(action.pool, action.method, this.#nowMs + action.timeoutMs);
    else if (action.kind === 'release') this.#release(action.which);
    else if (action.kind === 'move') this.#move(action.which, action.pool);
    else if (action.kind === 'rebook') this.#rebook(action.method);
    else if (action.kind === 'pass') this.#pass(action.tens * 10);
    else {
      this.#pools.resize(action.sizes);
      this.#model.resize(action.sizes);
    }
    this.#compare();
  }

  /** Ends every call: whatever happened before, each pool must then be as good as new. */
  end(): void {
    for (const { slot, call } of this.#calls) {
      slot.release();
      this.#model.release(call);
    }
    this.#compare();
    for (const account of this.#accounts) assert.equal(account.isIdle, true);
    for (const name of POOL_NAMES) {
      const pool = this.#pools[name];
      assert.deepEqual([pool.active, pool.waiting], [0, 0]);
      for (let i = 0; i < pool.size; i++) {
        assert.equal(pool.tryAcquire(new SlotAccount(), new RecordingCaller('last', []))?.state, 'held');
      }
      assert.equal(pool.hasRoomFor(new SlotAccount()), false);
    }
  }

  #acquire(pool: PoolName, index: number, deadlineMs: number): void {
    const name = `call ${this.#named++}`;
    const call = this.#model.acquire(pool, index, name, this.#nowMs, deadlineMs);
    const caller = new RecordingCaller(name, this.#log);
    try {
      const slot = this.#pools.acquire(pool, this.#accounts[index]!, caller, this.#nowMs, deadlineMs);
      assert.ok(call !== undefined, `${name} should have been refused`);
      this.#calls.push({ slot, call, method: index });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      caller.onSlotRefused(error);
    }
  }

  #release(offset: number): void {
    const pair = this.#pick(offset);
    pair?.slot.release();
    if (pair !== undefined) this.#model.release(pair.call);
  }

  #move(offset: number, pool: PoolName): void {
    const pair = this.#pick(offset);
    if (pair !== undefined) {
      assert.equal(pair.slot.moveTo(this.#pools[pool]), this.#model.moveTo(pair.call, pool));
    }
  }

  #rebook(index: number): void {
    const moved = this.#pools.rebookToSlow(this.#accounts[index]!, this.#nowMs);
    assert.equal(moved, this.#model.rebookToSlow(index, this.#nowMs));
  }

  #pass(durationMs: number): void {
    this.#nowMs += durationMs;
    this.#pools.tick(this.#nowMs);
    this.#model.tick(this.#nowMs);
  }

  #pick(offset: number): { readonly slot: Slot; readonly call: ModelCall } | undefined {
    return this.#calls.length === 0 ? undefined : this.#calls[this.#calls.length - 1 - (offset % this.#calls.length)];
  }

  #compare(): void {
    assert.deepEqual(this.#log.splice(0), this.#model.log.splice(0));
    for (const name of POOL_NAMES) {
      const pool = this.#pools[name];
      const { counters } = pool;
      const { held, line, rejected, timedOut, options } = this.#model.pool(name);
      const actual = [pool.size, pool.active, pool.waiting, counters.rejectedTotal, counters.waitTimedOutTotal];
      const expected = [options.size, held.length, line.length, rejected, timedOut];
      for (const account of this.#accounts) actual.push(account.activeIn(name), account.waitingIn(name));
      for (let index = 0; index < METHODS; index++) expected.push(countOf(held, index), countOf(line, index));
      assert.deepEqual(actual, expected);
    }
    for (const { slot, call } of this.#calls.slice(-20)) {
      assert.equal(slot.state, call.state);
      assert.equal(slot.pool.name, call.pool);
    }
  }
}

function countOf(calls: readonly ModelCall[], index: number): number {
  let count = 0;
  for (const call of calls) if (call.method === index) count++;
  return count;
}

describe('pools, against their model', () => {
  it(`agree in ${RUNS * STEPS_PER_RUN} random steps: order, states, shares and counters; no slot is lost`, () => {
    fc.assert(
      fc.property(
        sizes,
        fc.array(step, { minLength: STEPS_PER_RUN, maxLength: STEPS_PER_RUN, size: 'max' }),
        (options, steps) => {
          const pair = new Pair(options);
          for (const action of steps) pair.run(action);
          pair.end();
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('a pool whose callers act while the line is served', () => {
  it('keeps its bounds and the order of the line, and loses no slot', async () => {
    const action = fc.record({
      what: fc.constantFrom('release', 'acquire', 'other', 'tick', 'nothing'),
      which: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(action, { minLength: 100, maxLength: 100, size: 'max' }),
        async (size, actions) => {
          const limit = pLimit(1);
          const pool = new Pool('normal', { size, maxMethodShare: 1, maxWaitMs: 100, maxQueue: 8 }, limit);
          const slots: Slot[] = [];
          const entered: number[] = [];
          const served: number[] = [];
          let next = 0;
          let nowMs = 0;

          function act(own: Slot | undefined): void {
            const chosen = actions[next++];
            if (chosen === undefined) return;
            if (chosen.what === 'release') own?.release();
            else if (chosen.what === 'acquire') acquire();
            else if (chosen.what === 'other') slots[chosen.which % Math.max(1, slots.length)]?.release();
            else if (chosen.what === 'tick') {
              nowMs += 20;
              pool.tick(nowMs);
            }
            assert.ok(pool.active >= 0 && pool.active <= size);
            assert.ok(pool.waiting >= 0 && pool.waiting <= 8);
          }

          function acquire(): void {
            const number = slots.length;
            const caller = new RecordingCaller(String(number), []);
            caller.whenHeld = (slot) => {
              served.push(number);
              act(slot);
            };
            const someoneWaits = pool.waiting > 0;
            const isRefused = pool.waiting >= 8;
            if (isRefused) {
              assert.throws(() => pool.acquire(new SlotAccount(), caller, nowMs, nowMs + 1_000), GatewayError);
              return;
            }
            const slot = pool.acquire(new SlotAccount(), caller, nowMs, nowMs + 1_000);
            slots.push(slot);
            if (someoneWaits) assert.equal(slot.state, 'waiting');
            if (slot.state === 'waiting') entered.push(number);
          }

          while (next < actions.length) act(undefined);
          assert.deepEqual(
            served,
            entered.filter((number) => served.includes(number)),
          );
          for (const slot of slots) slot.release();
          assert.deepEqual([pool.active, pool.waiting], [0, 0]);
          await turn();
          assert.deepEqual([limit.activeCount, limit.pendingCount], [0, 0]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
