import type { Clock } from '../time/clock.ts';
import type { Generation } from './generation.ts';

/** Who brought a configuration. */
export type GenerationSource = 'start' | 'file' | 'signal' | 'admin' | 'application';

/** A generation as operators see it. */
export interface GenerationRecord {
  /** From 1. */
  readonly number: number;
  readonly source: GenerationSource;
  /** When it began to serve, in ms since 1970. */
  readonly sinceWallMs: number;
  readonly routes: number;
  readonly services: number;
  /** `draining`: a newer one serves, and its last requests have not ended; `gone`: they have. */
  readonly state: 'serving' | 'draining' | 'gone';
  /** Requests that it still serves. */
  readonly inFlight: number;
}

/** Generations that are remembered. */
const MAX_RECORDS = 20;

/**
 * The generation that serves, and those before it until their last requests have ended. Every request keeps the
 * generation it began with.
 */
export class Generations {
  readonly #clock: Clock;
  readonly #onGone: () => void;
  readonly #entries: Entry[] = [];
  #current: Generation;
  #number = 0;

  /** @param onGone called when the last request of a former generation has ended */
  constructor(first: Generation, clock: Clock, onGone: () => void) {
    this.#clock = clock;
    this.#onGone = onGone;
    this.#current = first;
    this.#add(first, 'start');
  }

  get current(): Generation {
    return this.#current;
  }

  /** The one that serves, and those before it that still have requests. */
  get live(): Generation[] {
    return this.#entries.flatMap(({ generation }) => generation ?? []);
  }

  /** Number of the generation that serves. */
  get number(): number {
    return this.#number;
  }

  /** Who brought the generation that serves. */
  get source(): GenerationSource {
    return this.#entries[0]!.source;
  }

  /** Newest first; the last 20, and older ones that still serve. */
  get records(): GenerationRecord[] {
    return this.#entries.map(({ generation, ...record }) => ({
      ...record,
      state: generation === undefined ? 'gone' : generation === this.#current ? 'serving' : 'draining',
      inFlight: generation?.routes.usage.inFlight ?? 0,
    }));
  }

  /** Lets the next generation serve. The one before is given back when its last request has ended. */
  swap(next: Generation, source: GenerationSource): void {
    const previous = this.#current;
    this.#current = next;
    this.#add(next, source);
    this.#retire(previous);
  }

  /** Gives back the one that serves; for the end of the gateway. */
  close(): void {
    this.#retire(this.#current);
  }

  #add(generation: Generation, source: GenerationSource): void {
    const { routes, services } = generation.config;
    this.#number++;
    this.#entries.unshift({
      generation,
      number: this.#number,
      source,
      sinceWallMs: this.#clock.wallMs(),
      routes: routes.length,
      services: Object.keys(services).length,
    });
    // One that still has requests is kept, however old it is: its requests end within their time.
    while (this.#entries.length > MAX_RECORDS && this.#entries.at(-1)?.generation === undefined) this.#entries.pop();
  }

  #retire(generation: Generation): void {
    generation.routes.usage.retire(() => {
      generation.release();
      const entry = this.#entries.find((one) => one.generation === generation);
      if (entry !== undefined) entry.generation = undefined;
      this.#onGone();
    });
  }
}

interface Entry extends Omit<GenerationRecord, 'state' | 'inFlight'> {
  /** Undefined once it is gone, so that its memory can be used again. */
  generation: Generation | undefined;
}
