import type { BulkheadsAnswer } from '../../admin/answers/bulkheads-answer.ts';
import type { MethodAnswer } from '../../admin/answers/method-answer.ts';
import type { ShownHistory } from '../method-history.ts';
import type { WorkerLoad, WorkerMethod } from '../worker-requests.ts';
import { mergeMethod } from './merge-method.ts';
import { sumCounts } from './sum-counts.ts';

/**
 * Pools, admission and methods of all workers: what each may have and has is added up.
 *
 * @param keys of the methods to show, in this order
 * @param history of the group: that of a worker would end with it
 */
export function mergeLoad(
  loads: readonly WorkerLoad[],
  keys: readonly string[],
  history: ShownHistory,
): Pick<BulkheadsAnswer, 'pools' | 'admission' | 'methods' | 'events'> {
  const admissions = loads.flatMap(({ admission }) => admission ?? []);
  const pools = mergePools(loads);
  return {
    pools,
    admission: admissions.length === 0 ? null : sumCounts(admissions),
    methods: mergeMethods(loads, keys, history),
    events: pools === null ? [] : history.events,
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

function mergeMethods(loads: readonly WorkerLoad[], keys: readonly string[], history: ShownHistory): MethodAnswer[] {
  const found = new Map<string, WorkerMethod[]>(keys.map((key) => [key, []]));
  for (const { methods } of loads) for (const method of methods) found.get(method.key)?.push(method);
  // A worker may have forgotten one since it named it.
  const known = [...found.values()].filter(({ length }) => length > 0);
  return known.map((methods) => mergeMethod(methods, history));
}
