import type { PoolOptions } from '../../../src/bulkhead/pool.ts';
import type { PoolsOptions } from '../../../src/bulkhead/pools.ts';
import { POOL_NAMES, type PoolName, type SlotState } from '../../../src/bulkhead/slot.ts';

/** A call as the model sees it. */
export interface ModelCall {
  readonly name: string;
  readonly method: number;
  state: SlotState;
  pool: PoolName;
  deadlineMs: number;
}

/** One pool, the slow and obvious way: arrays that are searched. */
interface ModelPool {
  readonly name: PoolName;
  options: PoolOptions;
  held: ModelCall[];
  line: ModelCall[];
  rejected: number;
  timedOut: number;
}

/**
 * What the three pools should do, written as the rules are told: every question is answered by looking at all calls.
 * `log` says who was told what, in order.
 */
export class PoolsModel {
  readonly log: string[] = [];
  readonly #pools: Record<PoolName, ModelPool>;

  constructor(options: PoolsOptions) {
    this.#pools = {
      normal: emptyPool('normal', options.normal),
      slow: emptyPool('slow', options.slow),
      heartbeat: emptyPool('heartbeat', options.heartbeat),
    };
  }

  pool(name: PoolName): Readonly<ModelPool> {
    return this.#pools[name];
  }

  /** Undefined for a call that was refused, which is logged. */
  acquire(kind: PoolName, method: number, name: string, nowMs: number, deadlineMs: number): ModelCall | undefined {
    const { normal, slow, heartbeat } = this.#pools;
    let pool = this.#pools[kind];
    if (kind === 'heartbeat' && (!hasFree(heartbeat) || isUsedUp(heartbeat, method))) pool = slow;
    if (kind === 'normal' && isUsedUp(normal, method)) pool = slow;
    const call: ModelCall = { name, method, state: 'waiting', pool: pool.name, deadlineMs };
    if (isUsedUp(pool, method)) return this.#refuse(pool, call);
    if (hasFree(pool)) return hold(pool, call);
    if (!canWait(pool, nowMs, deadlineMs)) return this.#refuse(pool, call);
    return wait(pool, call, nowMs);
  }

  release(call: ModelCall): void {
    if (call.state === 'released') return;
    const pool = this.#pools[call.pool];
    pool.held = without(pool.held, call);
    pool.line = without(pool.line, call);
    call.state = 'released';
    this.#serve(pool);
  }

  moveTo(call: ModelCall, name: PoolName): boolean {
    const [from, to] = [this.#pools[call.pool], this.#pools[name]];
    if (call.state !== 'held' || from === to || !hasFree(to) || isUsedUp(to, call.method)) return false;
    from.held = without(from.held, call);
    hold(to, call);
    this.#serve(from);
    return true;
  }

  rebookToSlow(method: number, nowMs: number): number {
    const { normal, slow } = this.#pools;
    let moved = 0;
    for (const call of normal.held.filter((one) => one.method === method)) {
      if (!hasFree(slow) || isUsedUp(slow, method)) break;
      normal.held = without(normal.held, call);
      hold(slow, call);
      moved++;
    }
    for (const call of normal.line.filter((one) => one.method === method)) {
      normal.line = without(normal.line, call);
      call.pool = 'slow';
      if (isUsedUp(slow, method)) this.#refuse(slow, call);
      else if (hasFree(slow)) this.#tell(hold(slow, call));
      else if (canWait(slow, nowMs, call.deadlineMs)) wait(slow, call, nowMs);
      else this.#refuse(slow, call);
    }
    this.#serve(normal);
    return moved;
  }

  tick(nowMs: number): void {
    for (const name of POOL_NAMES) {
      const pool = this.#pools[name];
      const due = pool.line.filter(({ deadlineMs }) => deadlineMs <= nowMs);
      pool.line = pool.line.filter(({ deadlineMs }) => deadlineMs > nowMs);
      due.sort((a, b) => a.deadlineMs - b.deadlineMs);
      pool.timedOut += due.length;
      for (const call of due) this.#refuse(pool, call);
      this.#serve(pool);
    }
  }

  resize(options: PoolsOptions): void {
    for (const name of POOL_NAMES) {
      this.#pools[name].options = options[name];
      this.#serve(this.#pools[name]);
    }
  }

  #serve(pool: ModelPool): void {
    while (pool.held.length < pool.options.size && pool.line.length > 0) {
      this.#tell(hold(pool, pool.line.shift()!));
    }
  }

  #tell({ name, pool }: ModelCall): void {
    this.log.push(`${name} in ${pool}`);
  }

  #refuse(pool: ModelPool, call: ModelCall): undefined {
    call.state = 'released';
    pool.rejected++;
    this.log.push(`${call.name} BULKHEAD_FULL ${pool.name}`);
    return undefined;
  }
}

function emptyPool(name: PoolName, options: PoolOptions): ModelPool {
  return { name, options, held: [], line: [], rejected: 0, timedOut: 0 };
}

function hasFree({ held, line, options }: ModelPool): boolean {
  return held.length < options.size && line.length === 0;
}

function isUsedUp({ held, line, options }: ModelPool, method: number): boolean {
  const slots = Math.max(1, Math.floor(options.size * options.maxMethodShare));
  const claims = [...held, ...line].filter((call) => call.method === method).length;
  return slots < options.size && claims >= slots;
}

function canWait({ line, options }: ModelPool, nowMs: number, deadlineMs: number): boolean {
  return options.maxWaitMs > 0 && line.length < options.maxQueue && deadlineMs > nowMs;
}

function hold(pool: ModelPool, call: ModelCall): ModelCall {
  call.state = 'held';
  call.pool = pool.name;
  pool.held.push(call);
  return call;
}

function wait(pool: ModelPool, call: ModelCall, nowMs: number): ModelCall {
  call.deadlineMs = Math.min(call.deadlineMs, nowMs + pool.options.maxWaitMs);
  pool.line.push(call);
  return call;
}

function without<T>(list: readonly T[], gone: T): T[] {
  return list.filter((one) => one !== gone);
}
