import type { Clock } from '../time/clock.ts';
import type { Generation } from './generation.ts';
import { isEagerService } from './open-providers.ts';

/** How long in ms a gateway that has just started gets no traffic because a service has no connection. */
const DEFAULT_WAIT_MS = 10_000;

/**
 * Whether connections that are to be there before calls keep a gateway that has just started from being ready: until each
 * service with such connections and with providers has one, or the time is over. After that they do so no more.
 */
export class ConnectionReadiness {
  readonly #clock: Clock;
  readonly #dueMs: number;
  #isOver = false;

  /** The time begins now. */
  constructor(clock: Clock, waitMs: number = DEFAULT_WAIT_MS) {
    this.#clock = clock;
    this.#dueMs = clock.nowMs() + waitMs;
  }

  /** Whether nothing is waited for any more. To be asked once the providers are known. */
  isReady(generation: Generation): boolean {
    this.#isOver ||= this.#clock.nowMs() >= this.#dueMs || !hasServiceToConnect(generation);
    return this.#isOver;
  }
}

function hasServiceToConnect({ config, surroundings }: Generation): boolean {
  for (const [name, service] of Object.entries(config.services)) {
    if (!isEagerService(config, service)) continue;
    const providers = surroundings.providers.get(name)!;
    if (providers.size > 0 && !providers.isConnected) return true;
  }
  return false;
}
