import { DecoderV2 } from 'hessian.js';
import { DIALECTS } from '../../mock-providers/dialects.ts';
import { generalize } from '../../mock-providers/generalize.ts';
import { JavaValueWriter } from '../../mock-providers/java-value-writer.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import { productList } from '../macro/catalog-service.ts';
import type { GatewayRoute } from './gateway-routes.ts';
import type { HostileSettings } from './hostile-case.ts';

const DIALECT = DIALECTS['3.3'];

/** Cost of the normal answer in some rounds. */
export interface NormalCost {
  /** Microseconds of CPU time for an answer. */
  readonly micros: readonly number[];
  /** The same as parts of what hessian.js with JSON.stringify takes, so that a slower machine falls out of it. */
  readonly toReference: readonly number[];
}

/** A route beside the hostile one, with 50 objects in each answer. */
export class NormalRoute {
  readonly body: Buffer;
  readonly #route: GatewayRoute;
  readonly #hessian: Buffer;
  readonly #settings: HostileSettings;
  #answersPerRound = 1;
  #referencesPerRound = 1;

  constructor(route: GatewayRoute, settings: HostileSettings) {
    this.#route = route;
    this.#settings = settings;
    this.#hessian = new JavaValueWriter(DIALECT.typedArrayList)
      .reset()
      .write(generalize(productList(50), DIALECT))
      .bytes();
    this.body = Buffer.concat([Buffer.of(0x91), this.#hessian]);
    const { warmUpMs, roundMs } = settings;
    this.#answersPerRound = warmUp(this.#answer, warmUpMs, roundMs);
    this.#referencesPerRound = warmUp(this.#reference, warmUpMs, roundMs);
  }

  answerOnce(): void {
    this.#answer();
  }

  measure(): NormalCost {
    const micros: number[] = [];
    const toReference: number[] = [];
    for (let round = 0; round < this.#settings.rounds; round++) {
      const answer = microsOf(this.#answer, this.#answersPerRound);
      micros.push(answer);
      toReference.push(answer / microsOf(this.#reference, this.#referencesPerRound));
    }
    return { micros, toReference };
  }

  readonly #answer = (): number => this.#route.answer(this.body).length;

  readonly #reference = (): number => JSON.stringify(new DecoderV2(this.#hessian).read()).length;
}

/** Runs for so long on the core; returns how many runs fill a round, by the last part of it. */
function warmUp(run: () => number, warmUpMs: number, roundMs: number): number {
  const steps = 8;
  let runsPerMs = 0;
  for (let step = 0; step < steps; step++) {
    const startMs = cpuTimeMs();
    let runs = 0;
    let elapsedMs = 0;
    for (; elapsedMs < warmUpMs / steps; elapsedMs = cpuTimeMs() - startMs) {
      run();
      runs++;
    }
    runsPerMs = runs / elapsedMs;
  }
  return Math.max(1, Math.round(runsPerMs * roundMs));
}

function microsOf(run: () => number, runs: number): number {
  const startMs = cpuTimeMs();
  let bytes = 0;
  for (let i = 0; i < runs; i++) bytes += run();
  if (bytes === 0) throw new Error('the normal route answered nothing');
  return ((cpuTimeMs() - startMs) * 1000) / runs;
}
