import type { LoopMeter, LoopTimes } from '../telemetry/loop-meter.ts';

/** Shortest time in ms that is judged; what is asked in between gets the last answer. */
const SAMPLE_MS = 500;

/** Share of the watermark that the utilization must fall below before it counts as below again. */
const RETURN_SHARE = 0.9;

/**
 * Whether the event loop is too busy: above once its utilization exceeds a watermark, below again once it has fallen by
 * a tenth, so that work which is left out at the watermark does not come and go with every sample.
 *
 * There is no timer: the loop is measured when somebody asks and the last measurement is half a second old. After a
 * pause the first answer is that of the whole pause, which was idle.
 */
export class LoopWatermark {
  readonly #meter: LoopMeter;
  #sampledMs: number;
  #sampled: LoopTimes;
  #isAbove = false;

  /** @param nowMs the present time */
  constructor(meter: LoopMeter, nowMs: number) {
    this.#meter = meter;
    this.#sampledMs = nowMs;
    this.#sampled = meter();
  }

  /** @param maxUtilization share of the time, above 0 and at most 1; 1 is never exceeded */
  isAbove(maxUtilization: number, nowMs: number): boolean {
    if (nowMs - this.#sampledMs >= SAMPLE_MS) this.#sample(maxUtilization, nowMs);
    return this.#isAbove;
  }

  #sample(maxUtilization: number, nowMs: number): void {
    const times = this.#meter();
    const active = times.active - this.#sampled.active;
    const total = active + times.idle - this.#sampled.idle;
    this.#sampled = times;
    this.#sampledMs = nowMs;
    const utilization = total > 0 ? active / total : 0;
    this.#isAbove = utilization > (this.#isAbove ? maxUtilization * RETURN_SHARE : maxUtilization);
  }
}
