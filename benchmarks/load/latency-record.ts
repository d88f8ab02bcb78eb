/** Sub-buckets of each power of two: a value is known to 3 %. */
const SUB_BUCKETS = 32;
const SUB_BITS = 5;

/** Counts of how long things took, as they are kept and sent between processes. */
export interface LatencySnapshot {
  readonly count: number;
  readonly maxMs: number;
  /** Pairs of bucket and count, by bucket. */
  readonly buckets: readonly (readonly [number, number])[];
}

export const NO_LATENCIES: LatencySnapshot = { count: 0, maxMs: 0, buckets: [] };

/** How long things took, in buckets 3 % wide; adding costs the same however many there are. */
export class LatencyRecord {
  count = 0;
  #maxMs = 0;
  readonly #buckets = new Map<number, number>();

  add(latencyMs: number): void {
    this.count++;
    if (latencyMs > this.#maxMs) this.#maxMs = latencyMs;
    const bucket = bucketOf(latencyMs);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  snapshot(): LatencySnapshot {
    const buckets = [...this.#buckets].sort(([left], [right]) => left - right);
    return { count: this.count, maxMs: this.#maxMs, buckets };
  }
}

/** All latencies of several records together. */
export function mergeLatencies(snapshots: Iterable<LatencySnapshot>): LatencySnapshot {
  const buckets = new Map<number, number>();
  let count = 0;
  let maxMs = 0;
  for (const snapshot of snapshots) {
    count += snapshot.count;
    maxMs = Math.max(maxMs, snapshot.maxMs);
    for (const [bucket, times] of snapshot.buckets) buckets.set(bucket, (buckets.get(bucket) ?? 0) + times);
  }
  return { count, maxMs, buckets: [...buckets].sort(([left], [right]) => left - right) };
}

/**
 * The value in ms that this part of all values does not exceed, up to the width of a bucket; never above the largest.
 * Undefined where there are none.
 *
 * @param part above 0 up to 1
 */
export function latencyQuantile({ count, maxMs, buckets }: LatencySnapshot, part: number): number | undefined {
  if (count === 0) return undefined;
  let rest = Math.ceil(count * part);
  for (const [bucket, times] of buckets) {
    rest -= times;
    if (rest <= 0) return Math.min(maxMs, upperBoundMs(bucket));
  }
  return maxMs;
}

/** Whole microseconds, one bucket each up to 32, then 32 buckets for each doubling. */
function bucketOf(latencyMs: number): number {
  const micros = Math.max(0, Math.round(latencyMs * 1_000));
  if (micros < SUB_BUCKETS) return micros;
  const doublings = Math.floor(Math.log2(micros)) - SUB_BITS;
  return doublings * SUB_BUCKETS + Math.floor(micros / 2 ** doublings);
}

function upperBoundMs(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket / 1_000;
  const doublings = Math.floor(bucket / SUB_BUCKETS) - 1;
  return (((bucket % SUB_BUCKETS) + SUB_BUCKETS + 1) * 2 ** doublings - 1) / 1_000;
}
