import type { GatewayConfig } from '../config/schema.ts';
import type { GenerationRecord, GenerationSource } from '../gateway/generations.ts';
import { configuredMethodKeys } from '../gateway/method-keys.ts';
import type { GenerationHistory } from '../gateway/served-configuration.ts';
import type { Clock } from '../time/clock.ts';

/** A configuration that a group serves, or is about to. */
export interface GroupGeneration {
  readonly config: GatewayConfig;
  /** From 1. */
  readonly number: number;
  readonly source: GenerationSource;
  /** The keys of all configured methods. */
  readonly methods: ReadonlySet<string>;
}

/** Configurations that are remembered. */
const MAX_RECORDS = 20;

/** The configurations that a group has served. Which workers still serve a former one, only they know. */
export class GroupGenerations implements GenerationHistory {
  readonly #clock: Clock;
  #current: GroupGeneration;
  #records: readonly GenerationRecord[];

  constructor(config: GatewayConfig, clock: Clock) {
    this.#clock = clock;
    this.#current = generationOf(config, 1, 'start');
    this.#records = [this.#recordOf(this.#current)];
  }

  get current(): GroupGeneration {
    return this.#current;
  }

  get number(): number {
    return this.#current.number;
  }

  get source(): GenerationSource {
    return this.#current.source;
  }

  /** Newest first; the last 20. All but the newest count as gone. */
  get records(): readonly GenerationRecord[] {
    return this.#records;
  }

  /** What follows the one that is served. */
  next(config: GatewayConfig, source: GenerationSource): GroupGeneration {
    return generationOf(config, this.#current.number + 1, source);
  }

  /** All workers serve the next one. */
  add(next: GroupGeneration): void {
    this.#current = next;
    const former = this.#records.slice(0, MAX_RECORDS - 1).map((record) => ({ ...record, state: 'gone' }) as const);
    this.#records = [this.#recordOf(next), ...former];
  }

  #recordOf({ config, number, source }: GroupGeneration): GenerationRecord {
    const { routes, services } = config;
    return {
      number,
      source,
      sinceWallMs: this.#clock.wallMs(),
      routes: routes.length,
      services: Object.keys(services).length,
      state: 'serving',
      inFlight: 0,
    };
  }
}

function generationOf(config: GatewayConfig, number: number, source: GenerationSource): GroupGeneration {
  return { config, number, source, methods: configuredMethodKeys(config) };
}
