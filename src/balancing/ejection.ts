/** `in`: takes part. `out`: left out for a time. `probing`: one call is on its way to find out whether it is well. */
export type EjectionState = 'in' | 'out' | 'probing';

/** A probe that is not heard of for this long in ms is given up, and another one may go. */
const PROBE_LOST_MS = 60_000;

/**
 * Whether one provider is left out, and for how long. After its time one call, the probe, says whether it comes back. Each
 * time it is out for longer; for as long as it was out it has to be in until that is forgotten.
 *
 * A pure state machine on a clock that does not go back.
 */
export class Ejection {
  #state: EjectionState = 'in';
  #reason: string | undefined;
  /** Ejections that are not forgotten yet. */
  #times = 0;
  /** Since when it is in, when it is due to be probed, or when the probe began. */
  #sinceMs = Number.NEGATIVE_INFINITY;
  #dueMs = Number.POSITIVE_INFINITY;

  get state(): EjectionState {
    return this.#state;
  }

  /** Why it is left out; undefined while it is not. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** When a probe may go, or go again; infinite while it takes part. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Leaves it out, from now on. Where it is out already the time begins again. */
  eject(reason: string, baseMs: number, maxMs: number, nowMs: number): void {
    if (this.#state === 'in') this.#forget(baseMs, maxMs, nowMs);
    // No more than make the longest time, or it would take as many healthy ones to forget them.
    this.#times = Math.min(this.#times + 1, Math.ceil(maxMs / baseMs));
    this.#state = 'out';
    this.#reason = reason;
    this.#sinceMs = nowMs;
    this.#dueMs = nowMs + Math.min(maxMs, baseMs * this.#times);
  }

  /** Whether the call that begins now is the probe. */
  tryProbe(nowMs: number): boolean {
    if (nowMs < this.#dueMs) return false;
    this.#state = 'probing';
    this.#sinceMs = nowMs;
    this.#dueMs = nowMs + PROBE_LOST_MS;
    return true;
  }

  /** Whether a call that began then tells how the provider is now: not one from before it was left out. */
  isProbe(startedMs: number): boolean {
    return this.#state === 'probing' && startedMs >= this.#sinceMs;
  }

  /** The probe ended and says nothing: the next call may be one. */
  returnProbe(nowMs: number): void {
    this.#dueMs = nowMs;
  }

  /** It takes part again. */
  restore(nowMs: number): void {
    this.#state = 'in';
    this.#reason = undefined;
    this.#sinceMs = nowMs;
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  #forget(baseMs: number, maxMs: number, nowMs: number): void {
    let leftMs = nowMs - this.#sinceMs;
    while (this.#times > 0) {
      leftMs -= Math.min(maxMs, baseMs * this.#times);
      if (leftMs < 0) return;
      this.#times--;
    }
  }
}
