/** Latencies below which the given share of the calls lies, in ms. */
export interface LatencyPercentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Calls by how long they took; the buckets are those of every {@link LatencyHistogram}. */
export type LatencyCounts = readonly number[];

/** Parts the window is divided into; the oldest falls out as a whole. */
const SLICES = 4;
/** Latencies are counted in eighths of a millisecond. */
const UNITS_PER_MS = 8;
/** Below this many units every unit has a bucket of its own; above, each doubling has eight buckets. */
const LINEAR_UNITS = 16;
const BUCKETS_PER_DOUBLING = 8;
/** Highest power of two that has buckets: 2^24 units are 35 minutes. */
const MAX_EXPONENT = 23;
const BUCKETS = LINEAR_UNITS + (MAX_EXPONENT - 3) * BUCKETS_PER_DOUBLING;
const MAX_UNITS = 2 ** (MAX_EXPONENT + 1) - 1;

/**
 * How long calls took, over the last `windowMs`: a few kilobytes whatever the traffic, and a call costs one addition.
 *
 * Buckets grow with the latency, so a percentile is off by at most one sixteenth of itself or one eighth of a
 * millisecond. What took longer than 35 minutes counts as 35 minutes. The window loses a quarter of itself at a time.
 */
export class LatencyHistogram {
  readonly #sliceMs: number;
  /** Counts by bucket; a slice is made when it is first needed. */
  readonly #slices: (number[] | undefined)[] = [];
  /** Number of the newest slice since time zero; its place is the remainder. */
  #newest = Number.NEGATIVE_INFINITY;

  /**
   * @param windowMs length of the window in ms
   * @throws RangeError where it is not positive
   */
  constructor(windowMs: number) {
    if (!(windowMs > 0 && windowMs < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`windowMs must be positive, got ${windowMs}`);
    }
    this.#sliceMs = windowMs / SLICES;
    for (let place = 0; place < SLICES; place++) this.#slices.push(undefined);
  }

  /** Counts one call. */
  record(latencyMs: number, nowMs: number): void {
    this.#advance(nowMs);
    const place = this.#newest % SLICES;
    let slice = this.#slices[place];
    if (slice === undefined) {
      slice = new Array<number>(BUCKETS).fill(0);
      this.#slices[place] = slice;
    }
    slice[bucketOf(latencyMs)]!++;
  }

  /** Number of calls that ended within the window that ends now. */
  calls(nowMs: number): number {
    this.#advance(nowMs);
    let calls = 0;
    for (const slice of this.#slices) if (slice !== undefined) for (const count of slice) calls += count;
    return calls;
  }

  /** The percentiles of the window that ends now; undefined where no call ended within it. */
  percentiles(nowMs: number): LatencyPercentiles | undefined {
    return percentilesOf(this.counts(nowMs));
  }

  /** The calls of the window that ends now, by bucket. Those of several histograms can be added up. */
  counts(nowMs: number): LatencyCounts {
    this.#advance(nowMs);
    const counts = new Array<number>(BUCKETS).fill(0);
    for (const slice of this.#slices) {
      if (slice === undefined) continue;
      for (let bucket = 0; bucket < BUCKETS; bucket++) counts[bucket]! += slice[bucket]!;
    }
    return counts;
  }

  #advance(nowMs: number): void {
    const slice = Math.floor(nowMs / this.#sliceMs);
    if (slice <= this.#newest) return;
    const emptied = Math.min(slice - this.#newest, SLICES);
    for (let i = 0; i < emptied; i++) this.#slices[(slice - i) % SLICES]?.fill(0);
    this.#newest = slice;
  }
}

/** The percentiles of these calls; undefined where there are none. */
export function percentilesOf(counts: LatencyCounts): LatencyPercentiles | undefined {
  let calls = 0;
  for (const count of counts) calls += count;
  if (calls === 0) return undefined;
  return {
    p50: percentile(counts, Math.ceil(calls * 0.5)),
    p95: percentile(counts, Math.ceil(calls * 0.95)),
    p99: percentile(counts, Math.ceil(calls * 0.99)),
  };
}

function bucketOf(latencyMs: number): number {
  const units = Math.min(Math.max(Math.floor(latencyMs * UNITS_PER_MS), 0), MAX_UNITS);
  if (units < LINEAR_UNITS) return units;
  const exponent = 31 - Math.clz32(units);
  return LINEAR_UNITS + (exponent - 4) * BUCKETS_PER_DOUBLING + ((units >>> (exponent - 3)) & 7);
}

/** The middle of the bucket that holds the call of this rank, counted from 1. Three significant digits. */
function percentile(counts: readonly number[], rank: number): number {
  let bucket = 0;
  for (let left = rank - counts[0]!; left > 0; left -= counts[bucket]!) bucket++;
  return Number((middleOf(bucket) / UNITS_PER_MS).toPrecision(3));
}

function middleOf(bucket: number): number {
  if (bucket < LINEAR_UNITS) return bucket + 0.5;
  const above = bucket - LINEAR_UNITS;
  const width = 2 ** (Math.floor(above / BUCKETS_PER_DOUBLING) + 1);
  return (BUCKETS_PER_DOUBLING + (above % BUCKETS_PER_DOUBLING) + 0.5) * width;
}
