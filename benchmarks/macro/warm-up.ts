import type { CaseRequest } from './case-request.ts';
import type { CaseStage } from './case-stage.ts';
import { BUSY, type MacroSample } from './macro-sample.ts';
import { measureFullLoad } from './measure-load.ts';
import type { RunningTarget } from './running-target.ts';
import { untilIdle } from './until-idle.ts';

/** A server that is to be measured. */
interface WarmingTarget extends RunningTarget {
  /** Whether it was warmed up in an earlier case; default false. */
  readonly isWarm?: boolean;
}

const MAX_PAUSE_MS = 5_000;

/** Load for as long as a server needs, and what it was second by second. */
export async function warmUp(target: RunningTarget, request: CaseRequest, stage: CaseStage): Promise<MacroSample[]> {
  const [samples] = await warmUpInTurn([target], request, stage);
  return samples!;
}

/**
 * The same for several servers, in their order. Those that take long come first, one after the other; the others get a
 * second of load in turn, so that none stands still for long before it is measured.
 *
 * @param connections default: those of the settings
 */
export async function warmUpInTurn(
  targets: readonly WarmingTarget[],
  request: CaseRequest,
  stage: CaseStage,
  connections = stage.settings.connections,
): Promise<MacroSample[][]> {
  const warmUps = targets.map((target) => new WarmUp(target, request, stage, connections));
  for (const warming of warmUps.filter(({ isLong }) => isLong)) {
    while (!warming.isDone) await warming.step();
  }
  for (;;) {
    const unfinished = warmUps.filter(({ isDone }) => !isDone);
    if (unfinished.length === 0) return warmUps.map(({ samples }) => samples);
    for (const warming of unfinished) await warming.step();
  }
}

/**
 * Only the time counts in which the server had its core, else other work on the machine would leave it cold; but at most
 * twice as long. Where the warm-up is long there is a pause after each second of load until the server has nothing left to
 * do: a JVM's compiler gets little of a core that is full of requests.
 */
class WarmUp {
  readonly samples: MacroSample[] = [];
  readonly #target: WarmingTarget;
  readonly #request: CaseRequest;
  readonly #stage: CaseStage;
  readonly #connections: number;
  readonly #seconds: number;
  #servedSeconds = 0;

  constructor(target: WarmingTarget, request: CaseRequest, stage: CaseStage, connections: number) {
    this.#target = target;
    this.#request = request;
    this.#stage = stage;
    this.#connections = connections;
    this.#seconds = stage.settings.warmUpSeconds[target.isWarm === true ? 'again' : this.#kind];
  }

  get isLong(): boolean {
    return this.#kind === 'long' && this.#target.isWarm !== true;
  }

  get isDone(): boolean {
    return this.#servedSeconds >= this.#seconds || this.samples.length * this.#step >= 2 * this.#seconds;
  }

  async step(): Promise<void> {
    const full = { seconds: this.#step, connections: this.#connections, mayBeSilent: true };
    const sample = await measureFullLoad(this.#target, this.#request, full, this.#stage);
    this.samples.push(sample);
    this.#servedSeconds += this.#step * Math.min(1, sample.serverBusy / BUSY);
    if (this.#kind === 'long') await untilIdle(this.#target.server.pid, MAX_PAUSE_MS);
  }

  get #kind() {
    return this.#target.target.warmUp;
  }

  get #step(): number {
    return Math.min(1, this.#seconds);
  }
}
