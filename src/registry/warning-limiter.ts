const REPEAT_AFTER_MS = 600_000;
const MINUTE_MS = 60_000;
const MAX_PER_MINUTE = 20;
const MAX_REMEMBERED = 1_000;

/**
 * Says which warnings are to be told: each text once in a while, and not more than a few a minute in all, however many
 * nodes are broken.
 */
export class WarningLimiter {
  readonly #toldAtMs = new Map<string, number>();
  #minuteStartMs = Number.NEGATIVE_INFINITY;
  #inMinute = 0;
  #suppressed = 0;

  /** Whether to tell a warning now; it counts as told then. */
  admits(warning: string, nowMs: number): boolean {
    const toldAtMs = this.#toldAtMs.get(warning);
    if (toldAtMs !== undefined && nowMs - toldAtMs < REPEAT_AFTER_MS) return false;
    if (nowMs - this.#minuteStartMs >= MINUTE_MS) {
      this.#minuteStartMs = nowMs;
      this.#inMinute = 0;
    }
    if (this.#inMinute >= MAX_PER_MINUTE) {
      this.#suppressed++;
      return false;
    }
    this.#inMinute++;
    this.#remember(warning, nowMs);
    return true;
  }

  /** How many were left out, repetitions not counted, since the last call. */
  takeSuppressed(): number {
    const suppressed = this.#suppressed;
    this.#suppressed = 0;
    return suppressed;
  }

  #remember(warning: string, nowMs: number): void {
    this.#toldAtMs.delete(warning);
    this.#toldAtMs.set(warning, nowMs);
    if (this.#toldAtMs.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#toldAtMs.keys();
    this.#toldAtMs.delete(oldest!);
  }
}
