/**
 * The share a provider gets beside the others while it warms up: Dubbo's `AbstractLoadBalance.getWeight` and
 * `calculateWarmupWeight`. It grows in proportion to the time since its start, is whole, and is 1 at least; a provider
 * that says it starts in the future, because its clock is ahead, gets 1 as well.
 *
 * One thing is not as Dubbo does it: there, a provider has its full weight in the very millisecond of its start.
 *
 * @param weight the full weight, above 0
 * @param warmupMs the time in ms until it is reached; 0 for none
 * @param startedMs when it started, on the scale of `nowMs`; undefined where it is not known: then it is warm
 */
export function weightAt(weight: number, warmupMs: number, startedMs: number | undefined, nowMs: number): number {
  if (startedMs === undefined) return weight;
  const uptimeMs = nowMs - startedMs;
  if (uptimeMs < 0) return Math.min(1, weight);
  if (uptimeMs >= warmupMs) return weight;
  return Math.min(weight, Math.max(1, Math.floor(uptimeMs / (warmupMs / weight))));
}
