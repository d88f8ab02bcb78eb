/**
 * When the requests of a stream are due: evenly spread at a rate that can be changed, whatever becomes of them. Pure:
 * the time comes as an argument.
 */
export class Arrivals {
  #perSecond = 0;
  /** Since when the present rate holds, and how many were due since. */
  #sinceMs: number;
  #taken = 0;

  constructor(perSecond: number, nowMs: number) {
    this.#sinceMs = nowMs;
    this.setRate(perSecond, nowMs);
  }

  /** Sets the rate from now on. What was due before and was not taken yet is dropped: take it first. */
  setRate(perSecond: number, nowMs: number): void {
    this.#perSecond = perSecond;
    this.#sinceMs = nowMs;
    this.#taken = 0;
  }

  /** When the next request that is due by `nowMs` was due; undefined when there is none. Takes it. */
  takeDue(nowMs: number): number | undefined {
    if (this.#perSecond === 0) return undefined;
    const dueMs = this.#sinceMs + ((this.#taken + 1) * 1_000) / this.#perSecond;
    if (dueMs > nowMs) return undefined;
    this.#taken++;
    return dueMs;
  }
}
