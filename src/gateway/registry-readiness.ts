import type { Clock } from '../time/clock.ts';
import type { Generation } from './generation.ts';
import { registryProgress } from './registry-progress.ts';

/** How long in ms a gateway that has just started gets no traffic because a registry has not answered. */
const DEFAULT_WAIT_MS = 10_000;

/**
 * Whether the registries keep a gateway that has just started from being ready: until each has told a list for each of
 * its services, or the time is over. After that they do so no more, whatever happens to them: the last known lists serve.
 */
export class RegistryReadiness {
  readonly #clock: Clock;
  readonly #dueMs: number;
  #isOver = false;

  /** The time begins now. */
  constructor(clock: Clock, waitMs: number = DEFAULT_WAIT_MS) {
    this.#clock = clock;
    this.#dueMs = clock.nowMs() + waitMs;
  }

  /** Whether nothing is waited for any more. */
  isReady(generation: Generation): boolean {
    this.#isOver ||= this.#clock.nowMs() >= this.#dueMs || this.missing(generation).length === 0;
    return this.#isOver;
  }

  /** The registries that have not told all lists yet, by name, also when the time is over. */
  missing(generation: Generation): string[] {
    return [...registryProgress(generation)].filter(([, { waiting }]) => waiting > 0).map(([name]) => name);
  }
}
