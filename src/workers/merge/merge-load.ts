import type { BulkheadsAnswer } from '../../admin/answers/bulkheads-answer.ts';
import type { MethodAnswer } from '../../admin/answers/method-answer.ts';
import type { WorkerLoad, WorkerMethod } from '../worker-requests.ts';
import { mergeMethod } from './merge-method.ts';
import { sumCounts } from './sum-counts.ts';

type MethodEvent = BulkheadsAnswer['events'][number];

/** Changes of state that are shown. */
const MAX_EVENTS = 200;

/**
 * Pools, admission and methods of all workers: what each may have and has is added up.
 *
 * @param keys of the methods to show, in this order
 */
export function mergeLoad(
  loads: readonly WorkerLoad[],
  keys: readonly string[],
): Pick<BulkheadsAnswer, 'pools' | 'admission' | 'methods' | 'events'> {
  const admissions = loads.flatMap(({ admission }) => admission ?? []);
  return {
    pools: mergePools(loads),
    admission: admissions.length === 0 ? null : sumCounts(admissions),
    methods: mergeMethods(loads, keys),
    events: mergeEvents(loads.map(({ events }) => events)),
  };
}

function mergePools(loads: readonly WorkerLoad[]): BulkheadsAnswer['pools'] {
  const pools = loads.flatMap((load) => load.pools ?? []);
  if (pools.length === 0) return null;
  return {
    normal: sumCounts(pools.map(({ normal }) => normal)),
    slow: sumCounts(pools.map(({ slow }) => slow)),
    heartbeat: sumCounts(pools.map(({ heartbeat }) => heartbeat)),
  };
}

function mergeMethods(loads: readonly WorkerLoad[], keys: readonly string[]): MethodAnswer[] {
  const found = new Map<string, WorkerMethod[]>(keys.map((key) => [key, []]));
  for (const { methods } of loads) for (const method of methods) found.get(method.key)?.push(method);
  // A worker may have forgotten one since it named it.
  return [...found.values()].filter(({ length }) => length > 0).map(mergeMethod);
}

/**
 * The changes of state of the group, oldest first. A worker tells of those that it found by itself; where two found the
 * same within a few ms, the state of the group changed once.
 */
function mergeEvents(all: readonly (readonly MethodEvent[])[]): MethodEvent[] {
  const events = all.flat().sort(({ at: one }, { at: other }) => (one < other ? -1 : one > other ? 1 : 0));
  const states = new Map<string, MethodEvent['to']>();
  const changes = events.filter(({ method, to }) => {
    const isChange = states.get(method) !== to;
    states.set(method, to);
    return isChange;
  });
  return changes.slice(-MAX_EVENTS);
}
