import type { AddressInfo } from 'node:net';
import type { MethodStanding } from '../bulkhead/method-standing.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Clock } from '../time/clock.ts';
import type { GroupGeneration } from './group-generations.ts';
import { GroupStandings } from './group-standings.ts';
import { LifeSigns } from './life-signs.ts';
import { MethodHistory } from './method-history.ts';
import { canAnswer, type WorkerGroup, type WorkerInfo, type WorkerRequest } from './worker-group.ts';
import { WorkerLostError } from './worker-lost-error.ts';
import type { SentConfiguration } from './worker-messages.ts';
import { type ProcessEnd, type ProcessHooks, type ServingProcess, WorkerProcess } from './worker-process.ts';
import type { WorkerRequests } from './worker-requests.ts';
import { workerShare } from './worker-share.ts';
import { type SlotSurroundings, WorkerSlot } from './worker-slot.ts';

export interface WorkerProcessesOptions {
  readonly count: number;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Takes whole lines of the logs of workers. */
  readonly onLines: (lines: Buffer) => void;
  /** Starts a process; default a worker of this one. */
  readonly fork?: (hooks: ProcessHooks) => ServingProcess;
}

/** Time in ms that a worker has for an answer. */
const ASK_LIMIT_MS = 5_000;
/**
 * Time in ms that a worker has to serve another configuration: many seconds where it is large and the machine busy. One
 * that stands still meanwhile is found by its missing signs of life.
 */
const REPLACE_LIMIT_MS = 120_000;
/** Time in ms beyond `server.drainTimeoutMs` after which workers that drain are ended. */
const STOP_GRACE_MS = 5_000;
const LOOK_INTERVAL_MS = 1_000;

/** The workers of a group: starts them, keeps as many running, and keeps them in step. */
export class WorkerProcesses implements WorkerGroup, SlotSurroundings {
  readonly clock: Clock;
  readonly onLines: (lines: Buffer) => void;
  readonly fork: (hooks: ProcessHooks) => ServingProcess;
  readonly #logger: Logger;
  readonly #slots: readonly WorkerSlot[];
  readonly #lifeSigns = new LifeSigns();
  readonly #standings = new GroupStandings();
  readonly history = new MethodHistory();
  /** Places whose worker was told to end so that another one starts. */
  readonly #replaced = new Set<WorkerSlot>();
  #generation: GroupGeneration;
  /** What each worker was last told to serve. */
  readonly #told = new Map<WorkerSlot, GroupGeneration>();
  /** Where the group listens, known once the first worker does. */
  #http: AddressInfo | undefined;
  #phase: 'new' | 'starting' | 'running' | 'stopping' = 'new';
  #onStarted: ((error: Error | undefined) => void) | undefined;
  #onStopped: (() => void) | undefined;
  #lookTimer: NodeJS.Timeout | undefined;

  constructor(first: GroupGeneration, { count, logger, clock, onLines, fork = startWorker }: WorkerProcessesOptions) {
    this.clock = clock;
    this.fork = fork;
    this.onLines = onLines;
    this.#logger = logger;
    this.#generation = first;
    this.#slots = Array.from({ length: count }, (_, index) => new WorkerSlot(index + 1, this));
  }

  get workers(): readonly WorkerInfo[] {
    return this.#slots.map(({ info }) => info);
  }

  /**
   * Starts all workers. Rejects where one cannot listen or ends before it does, with the error of that worker; the others
   * are to be ended by `stop` then.
   */
  async start(): Promise<AddressInfo> {
    this.#phase = 'starting';
    await new Promise<void>((resolve, reject) => {
      this.#onStarted = (error) => (error === undefined ? resolve() : reject(error));
      for (const slot of this.#slots) this.#startSlot(slot);
      this.#lookTimer = setInterval(() => this.#look(), LOOK_INTERVAL_MS);
    });
    this.#phase = 'running';
    return this.#http!;
  }

  ask<K extends WorkerRequest>(
    worker: number,
    name: K,
    argument: WorkerRequests[K]['argument'],
    limitMs = ASK_LIMIT_MS,
  ): Promise<WorkerRequests[K]['answer']> {
    const slot = this.#slots[worker - 1];
    if (slot === undefined || !canAnswer(slot)) {
      return Promise.reject(new WorkerLostError(`worker ${worker} is not there`));
    }
    const answer = slot.ask((ask) => ({ kind: 'ask', ask, name, argument }), limitMs);
    return answer as Promise<WorkerRequests[K]['answer']>;
  }

  /**
   * Has all workers serve another configuration. A worker that cannot is replaced by one that starts with it. Rejects
   * where no worker can, and then the one before stays in force.
   */
  async replace(generation: GroupGeneration): Promise<void> {
    const before = this.#generation;
    this.#generation = generation;
    const told = this.#slots.filter(({ isTold }) => isTold);
    const failures = new Map<WorkerSlot, unknown>();
    await Promise.all(
      told.map((slot) => slot.replace(REPLACE_LIMIT_MS).catch((error: unknown) => failures.set(slot, error))),
    );
    if (failures.size > 0 && failures.size === told.length) {
      this.#goBack(before, failures);
      throw failures.values().next().value;
    }
    this.#standings.keepOnly(generation.methods);
    this.history.keepOnly(generation.methods);
    for (const [slot, error] of failures) this.#replaceWorker(slot, error);
  }

  /** Lets all workers drain and end; resolves when they have. A second call ends what still runs. */
  async stop(): Promise<void> {
    if (this.#phase === 'stopping') {
      this.kill();
      return;
    }
    const isStarted = this.#phase === 'running';
    this.#phase = 'stopping';
    this.#onStarted?.(new Error('the workers were stopped before all of them listened'));
    clearInterval(this.#lookTimer);
    const limitMs = this.#generation.config.server.drainTimeoutMs + STOP_GRACE_MS;
    const deadline = setTimeout(() => this.kill(), limitMs);
    const stopped = new Promise<void>((resolve) => {
      this.#onStopped = resolve;
    });
    for (const slot of this.#slots) {
      if (isStarted) slot.stop();
      else slot.kill();
    }
    this.#endIfAllAreDown();
    await stopped;
    clearTimeout(deadline);
  }

  /** Ends all workers at once. */
  kill(): void {
    for (const slot of this.#slots) slot.kill();
  }

  configuration(slot: WorkerSlot): SentConfiguration {
    const { config, number, source } = this.#generation;
    this.#told.set(slot, this.#generation);
    const share = workerShare(config, { index: slot.worker - 1, count: this.#slots.length });
    return { config: share, generation: number, source, standings: this.#standings.all };
  }

  onListening(slot: WorkerSlot, http: AddressInfo): void {
    this.#http ??= http;
    this.#lifeSigns.seen(slot.worker, this.clock.nowMs());
    const { worker, pid } = slot.info;
    this.#logger.info('worker started', { worker, pid });
    if (this.#slots.every(({ state }) => state === 'serving')) this.#onStarted?.(undefined);
  }

  onStartFailed(slot: WorkerSlot, error: Error): void {
    if (this.#phase === 'starting') this.#onStarted?.(error);
    else this.#logger.error('worker cannot start', { worker: slot.worker, err: error });
  }

  onAlive(slot: WorkerSlot): void {
    if (slot.state !== 'starting') this.#lifeSigns.seen(slot.worker, this.clock.nowMs());
  }

  onStanding(from: WorkerSlot, standing: MethodStanding): void {
    if (this.#generation.methods.has(standing.method)) {
      this.#standings.record(standing);
      this.history.record(standing);
    }
    for (const slot of this.#slots) slot.tell(standing, slot === from);
  }

  onEnd(slot: WorkerSlot, end: ProcessEnd & { readonly livedMs: number }): void {
    const { worker } = slot;
    const { exitCode, signal, livedMs } = end;
    this.#lifeSigns.gone(worker);
    if (this.#phase === 'stopping') {
      this.#endIfAllAreDown();
    } else if (this.#phase === 'starting') {
      this.#onStarted?.(
        new Error(`worker ${worker} ended with ${signal ?? `exit code ${exitCode}`} before it listened`),
      );
    } else if (this.#replaced.delete(slot)) {
      this.#lifeSigns.started(worker, this.clock.nowMs());
      slot.restart();
    } else {
      const delayMs = slot.restartLater(livedMs);
      this.#lifeSigns.started(worker, this.clock.nowMs() + delayMs);
      this.#logger.error('worker died', {
        worker,
        exitCode,
        signal,
        livedMs: Math.round(livedMs),
        restartInMs: delayMs,
      });
    }
  }

  #startSlot(slot: WorkerSlot): void {
    this.#lifeSigns.started(slot.worker, this.clock.nowMs());
    slot.start();
  }

  /** No worker could take a configuration: those that said so serve the one before, and all serve that again. */
  #goBack(before: GroupGeneration, failures: ReadonlyMap<WorkerSlot, unknown>): void {
    this.#generation = before;
    for (const slot of this.#slots) {
      const error = failures.get(slot);
      if (error !== undefined && !(error instanceof WorkerLostError)) this.#told.set(slot, before);
      else if (this.#told.get(slot) !== before) this.#replaceWorker(slot, error);
    }
  }

  #replaceWorker(slot: WorkerSlot, error: unknown): void {
    this.#logger.error('worker does not take the configuration, another one starts', {
      worker: slot.worker,
      err: error,
    });
    // It may have died of it.
    if (slot.state === 'down') return;
    this.#replaced.add(slot);
    slot.stop();
  }

  #look(): void {
    for (const worker of this.#lifeSigns.silent(this.clock.nowMs())) {
      this.#lifeSigns.gone(worker);
      const slot = this.#slots[worker - 1]!;
      this.#logger.error('worker gives no sign of life and is killed', { worker, pid: slot.info.pid });
      slot.kill();
    }
  }

  #endIfAllAreDown(): void {
    if (this.#slots.every(({ state }) => state === 'down')) this.#onStopped?.();
  }
}

function startWorker(hooks: ProcessHooks): ServingProcess {
  return new WorkerProcess(hooks);
}
