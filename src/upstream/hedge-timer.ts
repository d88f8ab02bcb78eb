import type { Clock } from '../time/clock.ts';
import { Ticker } from '../time/ticker.ts';
import { TimerEntry, TimerWheel } from '../time/timer-wheel.ts';

/** Width of a tick: how exact delays are. */
const TICK_MS = 2;

/** Who waits for its delay to pass. */
export abstract class HedgeEntry extends TimerEntry {
  abstract onDue(nowMs: number): void;
}

/** The delays of all calls that may be hedged. Without such calls there is no timer. */
export class HedgeTimer {
  readonly #clock: Clock;
  readonly #wheel: TimerWheel<HedgeEntry>;
  readonly #ticker: Ticker;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wheel = new TimerWheel(clock.nowMs(), { tickMs: TICK_MS });
    this.#ticker = new Ticker(() => this.#tick());
  }

  /** Calls `onDue` once `dueMs` has come. */
  schedule(entry: HedgeEntry, dueMs: number): void {
    this.#wheel.schedule(entry, dueMs);
    this.#ticker.wake(TICK_MS);
  }

  cancel(entry: HedgeEntry): void {
    this.#wheel.cancel(entry);
  }

  close(): void {
    this.#ticker.stop();
  }

  #tick(): number {
    const nowMs = this.#clock.nowMs();
    this.#wheel.advance(nowMs, (entry) => entry.onDue(nowMs));
    return this.#wheel.size > 0 ? TICK_MS : 0;
  }
}
