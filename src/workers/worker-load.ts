import type { BulkheadView, ShownLoad } from '../gateway/bulkhead-view.ts';
import type { Clock } from '../time/clock.ts';
import type { WallOffset } from '../time/wall-offset.ts';
import type { MethodIndex, WorkerLoad, WorkerMethod } from './worker-requests.ts';

/** Pools, admission and methods of this worker, with what its group needs to put those of all workers together. */
export class WorkerLoadView {
  readonly #load: ShownLoad;
  readonly #view: BulkheadView;
  readonly #clock: Clock;
  readonly #wallOffset: WallOffset;

  /** @param wallOffset that of the view, so that a moment has one date in all answers */
  constructor(load: ShownLoad, view: BulkheadView, clock: Clock, wallOffset: WallOffset) {
    this.#load = load;
    this.#view = view;
    this.#clock = clock;
    this.#wallOffset = wallOffset;
  }

  /** The keys of all methods that are remembered. */
  index(): MethodIndex {
    const index = { quarantined: [] as string[], pinned: [] as string[], others: [] as string[] };
    for (const { key, state, isPinned } of this.#load.bulkheads?.methods.methods() ?? []) {
      if (state === 'quarantined') index.quarantined.push(key);
      else if (isPinned) index.pinned.push(key);
      else index.others.push(key);
    }
    return index;
  }

  /** @param keys of the methods to show; those that are not remembered are left out */
  load(keys: readonly string[]): WorkerLoad {
    const admission = this.#load.admission?.status ?? null;
    const { bulkheads } = this.#load;
    if (bulkheads === undefined) return { pools: null, admission, methods: [] };
    const nowMs = this.#clock.nowMs();
    const found = keys.flatMap((key) => bulkheads.methods.find(key) ?? []);
    const { pools, methods } = bulkheads.status(nowMs, this.#wallOffset.ms, found);
    return { pools, admission, methods: methods.map((method) => this.#withCounts(method)) };
  }

  /** The state of a method; what was never called stays so. Throws GatewayError METHOD_UNKNOWN. */
  method(key: string): WorkerMethod {
    return this.#withCounts(this.#view.method(key));
  }

  #withCounts(method: Omit<WorkerMethod, 'latencyCounts'>): WorkerMethod {
    const found = this.#load.bulkheads?.methods.find(method.key);
    const latencyCounts = method.latencyMs === null ? [] : found?.latencyCounts(this.#clock.nowMs());
    return { ...method, latencyCounts: latencyCounts ?? [] };
  }
}
