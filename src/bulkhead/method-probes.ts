import type { QuarantineRules } from './method-rules.ts';

/** While there is traffic, a method in quarantine is probed at least this often. */
const PROBE_EVERY_MS = 1_000;
/** The sum of shares such as 0.1 falls a little short of the whole. */
const ROUNDING = 1e-9;

/**
 * Which calls of a method in quarantine are probes, and how they went.
 *
 * The share is kept by adding it up, not by chance: with 0.05 it is each 20th call. As many probes as are needed for the
 * return may be in flight on account of the share, more would say nothing new and take the room of other methods' probes;
 * the one a second comes in any case.
 */
export class MethodProbes {
  #credit = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #lastButOneMs = Number.NEGATIVE_INFINITY;
  #inFlight = 0;
  #passedInARow = 0;

  /** Passed probes since the last failed one. */
  get passedInARow(): number {
    return this.#passedInARow;
  }

  /** Begins a quarantine. Probes of an earlier one must not be reported any more. */
  begin(nowMs: number): void {
    this.#credit = 0;
    this.#lastMs = nowMs;
    this.#lastButOneMs = nowMs;
    this.#inFlight = 0;
    this.#passedInARow = 0;
  }

  /** Whether the call that comes now is to be a probe. */
  choose(nowMs: number, rules: QuarantineRules): boolean {
    this.#credit = Math.min(this.#credit, 1) + rules.probeShare;
    const isDue = nowMs - this.#lastMs >= PROBE_EVERY_MS;
    const isShare = this.#credit >= 1 - ROUNDING && this.#inFlight < rules.recoverAfter;
    if (!isDue && !isShare) return false;
    this.#credit = Math.max(0, this.#credit - 1);
    this.#lastButOneMs = this.#lastMs;
    this.#lastMs = nowMs;
    return true;
  }

  /** The call chosen last could not be made as a probe: the next one shall be instead. */
  giveBack(): void {
    this.#credit += 1;
    this.#lastMs = this.#lastButOneMs;
  }

  started(): void {
    this.#inFlight++;
  }

  ended(): void {
    this.#inFlight--;
  }

  passed(): void {
    this.#passedInARow++;
  }

  failed(): void {
    this.#passedInARow = 0;
  }
}
