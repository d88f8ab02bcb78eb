import type { Clock } from './clock.ts';

/** How far the two clocks may part before the offset follows, in ms. */
const TOLERANCE_MS = 50;

/**
 * What turns times of a clock that never goes back into dates. The difference of the two clocks is never read twice
 * alike, since the wall clock has whole milliseconds only; it is kept here until the wall clock is set, so that the same
 * moment is the same date each time it is shown.
 */
export class WallOffset {
  readonly #clock: Clock;
  #offsetMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offsetMs = clock.wallMs() - clock.nowMs();
  }

  /** Milliseconds since 1970 UTC less the time of the clock. */
  get ms(): number {
    const offsetMs = this.#clock.wallMs() - this.#clock.nowMs();
    if (Math.abs(offsetMs - this.#offsetMs) > TOLERANCE_MS) this.#offsetMs = offsetMs;
    return this.#offsetMs;
  }
}
