/** Width of a sample in ms, and how many are looked at, the running one included: the last 9 to 10 s. */
const SAMPLE_MS = 1_000;
const SAMPLES = 10;

/**
 * How many requests a second have left lately: what the time until a place becomes free is estimated from. Counting
 * costs one addition; samples are turned when somebody brings the time, on a scale that does not go back.
 */
export class LeaveRate {
  /** Counts by sample number modulo their number; the running one is among them. */
  readonly #counts = new Float64Array(SAMPLES);
  readonly #firstSample: number;
  #sample: number;

  constructor(nowMs: number) {
    this.#firstSample = sampleOf(nowMs);
    this.#sample = this.#firstSample;
  }

  /** Counts one that left, in the sample of the last `advance`. */
  count(): void {
    this.#counts[this.#sample % SAMPLES]!++;
  }

  /** Moves to `nowMs`. */
  advance(nowMs: number): void {
    const sample = sampleOf(nowMs);
    if (sample === this.#sample) return;
    const passed = Math.min(sample - this.#sample, SAMPLES);
    for (let i = 0; i < passed; i++) this.#counts[(sample - i) % SAMPLES] = 0;
    this.#sample = sample;
  }

  /** Average of the samples looked at, or of those since the start where there are fewer. */
  perSecond(nowMs: number): number {
    this.advance(nowMs);
    const oldest = Math.max(this.#firstSample, this.#sample - SAMPLES + 1);
    const elapsedMs = nowMs - oldest * SAMPLE_MS;
    let left = 0;
    for (const count of this.#counts) left += count;
    return (left * 1_000) / Math.max(elapsedMs, SAMPLE_MS);
  }
}

function sampleOf(nowMs: number): number {
  return Math.floor(nowMs / SAMPLE_MS);
}
