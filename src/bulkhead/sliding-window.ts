/** Parts the window is divided into, unless told otherwise: 500 ms each where the window is 10 s. */
const DEFAULT_BUCKETS = 20;

/**
 * Counters over the last `windowMs`, in a ring of buckets: adding costs the same however many events the window holds,
 * and allocates nothing.
 *
 * The oldest bucket falls out as a whole. So the window never holds what is older than `windowMs`, and always holds what
 * is younger than `windowMs` less one bucket. A time earlier than the last one counts as the last one.
 */
export class SlidingWindow {
  readonly windowMs: number;
  readonly #bucketMs: number;
  readonly #buckets: number;
  readonly #counters: number;
  /** Bucket by bucket, all counters of a bucket side by side. */
  readonly #counts: number[];
  /** Sums of all buckets, by counter. */
  readonly #totals: number[] = [];
  /** Number of the newest bucket since time zero; its place in the ring is the remainder. */
  #newest = Number.NEGATIVE_INFINITY;

  /**
   * @param windowMs length of the window in ms
   * @param counters how many counters there are; they are named by their index
   * @param buckets number of parts, default 20
   * @throws RangeError where one of them is not positive, or a number of things is not whole
   */
  constructor(windowMs: number, counters: number, buckets: number = DEFAULT_BUCKETS) {
    if (!(windowMs > 0 && windowMs < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`windowMs must be positive, got ${windowMs}`);
    }
    if (!Number.isInteger(counters) || counters < 1) {
      throw new RangeError(`counters must be a positive integer, got ${counters}`);
    }
    if (!Number.isInteger(buckets) || buckets < 1) {
      throw new RangeError(`buckets must be a positive integer, got ${buckets}`);
    }
    this.windowMs = windowMs;
    this.#bucketMs = windowMs / buckets;
    this.#buckets = buckets;
    this.#counters = counters;
    this.#counts = new Array<number>(buckets * counters).fill(0);
    for (let counter = 0; counter < counters; counter++) this.#totals.push(0);
  }

  /** Counts one event. */
  add(counter: number, nowMs: number): void {
    this.#advance(nowMs);
    this.#counts[(this.#newest % this.#buckets) * this.#counters + counter]!++;
    this.#totals[counter]!++;
  }

  /** Events of one counter within the window that ends now. */
  total(counter: number, nowMs: number): number {
    this.#advance(nowMs);
    return this.#totals[counter]!;
  }

  /** Forgets all events. */
  clear(): void {
    this.#counts.fill(0);
    this.#totals.fill(0);
  }

  #advance(nowMs: number): void {
    const bucket = Math.floor(nowMs / this.#bucketMs);
    if (bucket <= this.#newest) return;
    if (bucket - this.#newest >= this.#buckets) {
      this.clear();
    } else {
      for (let emptied = this.#newest + 1; emptied <= bucket; emptied++) this.#empty(emptied % this.#buckets);
    }
    this.#newest = bucket;
  }

  #empty(place: number): void {
    const start = place * this.#counters;
    for (let counter = 0; counter < this.#counters; counter++) {
      this.#totals[counter]! -= this.#counts[start + counter]!;
      this.#counts[start + counter] = 0;
    }
  }
}
