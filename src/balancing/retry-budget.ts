import { SlidingWindow } from '../bulkhead/sliding-window.ts';

/** Settings of a {@link RetryBudget}. */
export interface RetryBudgetOptions {
  /** Retries for each call of the window, from 0 to 1; default 0.2, so that retries never double a load. */
  readonly share?: number;
  /** Retries a second that are allowed however few calls there are, 0 or more; default 3. */
  readonly minPerSecond?: number;
  /** Length of the window in ms; default 10,000. */
  readonly windowMs?: number;
}

const CALLS = 0;
const RETRIES = 1;

/**
 * Bounds retries, and hedged calls, to a share of the calls of the last seconds: when all providers fail, the gateway must
 * not be what keeps them down. Pure: the time comes with each call, on a clock that does not go back.
 */
export class RetryBudget {
  readonly #share: number;
  readonly #reserve: number;
  readonly #counts: SlidingWindow;

  /** @throws RangeError for settings outside their bounds */
  constructor(options: RetryBudgetOptions = {}) {
    const { share = 0.2, minPerSecond = 3, windowMs = 10_000 } = options;
    if (!(share >= 0 && share <= 1)) throw new RangeError(`share must be from 0 to 1, got ${share}`);
    if (!(minPerSecond >= 0 && minPerSecond < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`minPerSecond must be 0 or more, got ${minPerSecond}`);
    }
    this.#share = share;
    this.#reserve = (minPerSecond * windowMs) / 1_000;
    this.#counts = new SlidingWindow(windowMs, 2);
  }

  /** A call begins. Its retries are not told here. */
  recordCall(nowMs: number): void {
    this.#counts.add(CALLS, nowMs);
  }

  /** Takes one retry out of the budget; false where there is none left, and then there shall be no retry. */
  tryTake(nowMs: number): boolean {
    const calls = this.#counts.total(CALLS, nowMs);
    const allowed = this.#reserve + calls * this.#share;
    if (this.#counts.total(RETRIES, nowMs) + 1 > allowed) return false;
    this.#counts.add(RETRIES, nowMs);
    return true;
  }
}
