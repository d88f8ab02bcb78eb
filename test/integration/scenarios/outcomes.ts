import type { StreamRecording } from '../../../benchmarks/load/load-recording.ts';

/** How many requests of a stream ended how. Throws when the load has lost one. */
export function countOutcomes({ name, intervals }: StreamRecording): Record<string, number> {
  const counts: Record<string, number> = {};
  let due = 0;
  let ended = 0;
  for (const interval of intervals) {
    due += interval.due;
    for (const { outcome, latency } of interval.outcomes) {
      counts[outcome] = (counts[outcome] ?? 0) + latency.count;
      ended += latency.count;
    }
  }
  if (due !== ended || due === 0) throw new Error(`${name}: ${ended} ends of ${due} requests`);
  return counts;
}
