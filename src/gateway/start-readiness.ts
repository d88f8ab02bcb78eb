import type { Clock } from '../time/clock.ts';
import type { Generation } from './generation.ts';

/** How long in ms a gateway that has just started gets no traffic because of one thing it waits for. */
const DEFAULT_WAIT_MS = 10_000;

/** Whether something keeps a gateway that has just started from being ready: until it is complete, or the time is over. */
export abstract class StartReadiness {
  readonly #clock: Clock;
  readonly #dueMs: number;
  #isOver = false;

  /** The time begins now. */
  constructor(clock: Clock, waitMs: number = DEFAULT_WAIT_MS) {
    this.#clock = clock;
    this.#dueMs = clock.nowMs() + waitMs;
  }

  /** Whether nothing is waited for any more. Once that is so, it stays so. */
  isReady(generation: Generation): boolean {
    this.#isOver ||= this.#clock.nowMs() >= this.#dueMs || this.isComplete(generation);
    return this.#isOver;
  }

  /** Whether what is waited for is there. Asked only until it is, or the time is over. */
  protected abstract isComplete(generation: Generation): boolean;
}
