import type { MethodAnswer } from '../../admin/answers/method-answer.ts';
import { type LatencyCounts, percentilesOf } from '../../bulkhead/latency-histogram.ts';
import type { ShownHistory } from '../method-history.ts';
import type { WorkerMethod } from '../worker-requests.ts';
import { earliest } from './dates.ts';
import { sumCounts } from './sum-counts.ts';

/**
 * One method as all workers together see it. A state is one of the group: what one worker finds reaches the others within
 * a few ms, and what is seen meanwhile counts as quarantine.
 *
 * @param methods what each worker says; one at least
 */
export function mergeMethod(methods: readonly WorkerMethod[], history: ShownHistory): MethodAnswer {
  const quarantined = methods.filter(({ state }) => state === 'quarantined');
  const holders = quarantined.length > 0 ? quarantined : methods;
  // The worker that found it was the first; the others took over what it says.
  const { key, state, since, reason, by } = holders.reduce((one, other) => (other.since < one.since ? other : one));
  return {
    key,
    state,
    since,
    pinned: methods.some(({ pinned }) => pinned),
    reason,
    by,
    active: sumCounts(methods.map(({ active }) => active)),
    window: sumCounts(methods.map(({ window }) => window)),
    latencyMs: percentilesOf(sumOfLatencies(methods.map(({ latencyCounts }) => latencyCounts))) ?? null,
    probes: furthestProbes(quarantined),
    quarantinedTotal: history.quarantinedTotal(key),
    relapses: Math.max(...methods.map(({ relapses }) => relapses)),
    earliestRelease: earliest(quarantined.map(({ earliestRelease }) => earliestRelease)),
  };
}

/** Each worker counts its own probes; the first to have enough of them brings the method back in all. */
function furthestProbes(quarantined: readonly WorkerMethod[]): MethodAnswer['probes'] {
  let furthest: MethodAnswer['probes'] = null;
  for (const { probes } of quarantined) {
    if (probes !== null && (furthest === null || probes.passedInARow > furthest.passedInARow)) furthest = probes;
  }
  return furthest;
}

/** Those of a worker without calls are empty. */
function sumOfLatencies(all: readonly LatencyCounts[]): LatencyCounts {
  const sums: number[] = [];
  for (const counts of all) {
    for (const [bucket, count] of counts.entries()) sums[bucket] = (sums[bucket] ?? 0) + count;
  }
  return sums;
}
