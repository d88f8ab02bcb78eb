/**
 * Calls a function again and again for as long as that function wants it; otherwise there is no timer at all.
 *
 * A tick runs after the input that arrived meanwhile has been handled (in the check phase of the event loop, not in the
 * timer phase): after a stall of the process, an answer that waits in the socket is seen before its time-out is. The
 * timer never keeps the process alive.
 */
export class Ticker {
  readonly #onTick: () => number;
  #timer: NodeJS.Timeout | undefined;
  #intervalMs = 0;
  #stopped = false;

  /** @param onTick returns the time in ms until the next tick, or 0 to rest until `wake` */
  constructor(onTick: () => number) {
    this.#onTick = onTick;
  }

  /** Sees to it that a tick comes within `intervalMs`. Costs nothing where one does already. */
  wake(intervalMs: number): void {
    if (this.#intervalMs !== 0 && this.#intervalMs <= intervalMs) return;
    this.#start(intervalMs);
  }

  /** Ends all ticks for good. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(intervalMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#intervalMs = intervalMs;
    this.#timer = setTimeout(this.#onTimer, intervalMs);
    this.#timer.unref();
  }

  readonly #onTimer = (): void => {
    setImmediate(this.#afterInput);
  };

  readonly #afterInput = (): void => {
    if (this.#stopped) return;
    const timer = this.#timer;
    const previousMs = this.#intervalMs;
    this.#intervalMs = 0;
    this.#again(this.#onTick(), previousMs, timer);
  };

  /** `wake` may have been called from within the tick: the shorter interval wins. */
  #again(nextMs: number, previousMs: number, timer: NodeJS.Timeout | undefined): void {
    if (this.#stopped || nextMs === 0) return;
    if (this.#intervalMs !== 0 && this.#intervalMs <= nextMs) return;
    if (nextMs === previousMs && timer !== undefined && timer === this.#timer) {
      this.#intervalMs = nextMs;
      timer.refresh();
    } else {
      this.#start(nextMs);
    }
  }
}
