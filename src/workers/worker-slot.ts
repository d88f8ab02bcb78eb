import type { AddressInfo } from 'node:net';
import type { MethodStanding } from '../bulkhead/method-standing.ts';
import type { Clock } from '../time/clock.ts';
import { PendingAsks } from './pending-asks.ts';
import { RestartBackoff } from './restart-backoff.ts';
import { receivedError } from './sent-error.ts';
import type { WorkerInfo } from './worker-group.ts';
import { WorkerLostError } from './worker-lost-error.ts';
import type { PrimaryMessage, SentConfiguration, WorkerMessage } from './worker-messages.ts';
import type { ProcessEnd, ProcessHooks, ServingProcess } from './worker-process.ts';

/** What the places of a group have in common. */
export interface SlotSurroundings {
  readonly clock: Clock;
  /** Starts a process. */
  fork(hooks: ProcessHooks): ServingProcess;
  /** What the worker of this place is to serve. */
  configuration(slot: WorkerSlot): SentConfiguration;
  onListening(slot: WorkerSlot, http: AddressInfo): void;
  /** It cannot start, and will end. */
  onStartFailed(slot: WorkerSlot, error: Error): void;
  onAlive(slot: WorkerSlot): void;
  onStanding(slot: WorkerSlot, standing: MethodStanding): void;
  /** Whole lines of its log. */
  onLines(lines: Buffer): void;
  onEnd(slot: WorkerSlot, end: ProcessEnd & { readonly livedMs: number }): void;
}

/** Routes in one message: a part of a millisecond's work for who receives it. */
const ROUTES_AT_ONCE = 100;

/** One place of a group: the worker that has it, and those that take its place when it dies. */
export class WorkerSlot {
  /** From 1. */
  readonly worker: number;
  readonly #surroundings: SlotSurroundings;
  readonly #backoff = new RestartBackoff();
  #process: ServingProcess | undefined;
  #asks = new PendingAsks();
  #state: WorkerInfo['state'] = 'down';
  /** Whether the process was told what to serve. */
  #isTold = false;
  #startedMs = 0;
  #startedAtWallMs = 0;
  #restarts = 0;
  #restartTimer: NodeJS.Timeout | undefined;

  constructor(worker: number, surroundings: SlotSurroundings) {
    this.worker = worker;
    this.#surroundings = surroundings;
  }

  get info(): WorkerInfo {
    return {
      worker: this.worker,
      pid: this.#process?.pid,
      state: this.#state,
      startedAtWallMs: this.#startedAtWallMs,
      restarts: this.#restarts,
    };
  }

  get state(): WorkerInfo['state'] {
    return this.#state;
  }

  /** Whether it was told of a configuration, and has not been told to stop. */
  get isTold(): boolean {
    return this.#isTold && this.#state !== 'stopping';
  }

  start(): void {
    const { clock } = this.#surroundings;
    this.#startedMs = clock.nowMs();
    this.#startedAtWallMs = clock.wallMs();
    this.#state = 'starting';
    this.#isTold = false;
    this.#asks = new PendingAsks();
    this.#process = this.#surroundings.fork({
      onMessage: (message) => this.#onMessage(message),
      onLines: (lines) => this.#surroundings.onLines(lines),
      onEnd: (end) => this.#onEnd(end),
    });
  }

  /** Starts a worker in the place of one that was told to stop, at once. */
  restart(): void {
    this.#restarts++;
    this.start();
  }

  /** Starts a worker in the place of one that died. Returns the time in ms until then. */
  restartLater(livedMs: number): number {
    const delayMs = this.#backoff.died(livedMs);
    this.#restartTimer = setTimeout(() => this.restart(), delayMs);
    return delayMs;
  }

  /**
   * Asks the worker. Rejects with an Error where it is not there or has given no answer after `limitMs`.
   *
   * @param message makes the question of its number
   */
  ask(message: (ask: number) => PrimaryMessage, limitMs: number): Promise<unknown> {
    const process = this.#process;
    if (process === undefined || !this.#isTold)
      return Promise.reject(new WorkerLostError(`worker ${this.worker} is not there`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#asks.failed(ask, new WorkerLostError(`worker ${this.worker} gave no answer within ${limitMs} ms`));
      }, limitMs);
      const ask = this.#asks.add((error, answer) => {
        clearTimeout(timer);
        if (error === undefined) resolve(answer);
        else reject(error);
      });
      process.send(message(ask));
    });
  }

  /** Has the worker serve another configuration. Rejects as `ask`. */
  async replace(limitMs: number): Promise<void> {
    const { config, ...rest } = this.#surroundings.configuration(this);
    this.#sendRoutes(config);
    await this.ask((ask) => ({ kind: 'replace', ask, ...rest, config: { ...config, routes: [] } }), limitMs);
  }

  /** Tells it of a change of a method. */
  tell(standing: MethodStanding, isOwn: boolean): void {
    if (this.#isTold) this.#process?.send({ kind: 'standing', standing, isOwn });
  }

  /** Lets it drain and end; nothing takes its place by itself. */
  stop(): void {
    clearTimeout(this.#restartTimer);
    if (this.#process === undefined) return;
    this.#state = 'stopping';
    if (this.#isTold) this.#process.send({ kind: 'stop' });
    else this.kill();
  }

  /** Ends it at once. */
  kill(): void {
    clearTimeout(this.#restartTimer);
    this.#process?.kill();
  }

  #onMessage(message: WorkerMessage): void {
    const surroundings = this.#surroundings;
    switch (message.kind) {
      case 'loaded':
        this.#tellStart();
        break;
      case 'listening':
        if (this.#state === 'starting') this.#state = 'serving';
        surroundings.onListening(this, message.http);
        break;
      case 'failed':
        surroundings.onStartFailed(this, receivedError(message.error));
        break;
      case 'alive':
        surroundings.onAlive(this);
        break;
      case 'answer':
        this.#asks.answered(message.ask, message.answer);
        break;
      case 'refusal':
        this.#asks.refused(message.ask, message.error);
        break;
      case 'standing':
        surroundings.onStanding(this, message.standing);
        break;
    }
  }

  #tellStart(): void {
    if (this.#state !== 'starting') return;
    const { config, ...rest } = this.#surroundings.configuration(this);
    this.#sendRoutes(config);
    this.#process?.send({ kind: 'start', worker: this.worker, ...rest, config: { ...config, routes: [] } });
    this.#isTold = true;
  }

  #sendRoutes({ routes }: SentConfiguration['config']): void {
    for (let start = 0; start < routes.length; start += ROUTES_AT_ONCE) {
      this.#process?.send({ kind: 'routes', routes: routes.slice(start, start + ROUTES_AT_ONCE) });
    }
  }

  #onEnd(end: ProcessEnd): void {
    this.#process = undefined;
    this.#state = 'down';
    this.#isTold = false;
    this.#asks.failAll(new WorkerLostError(`worker ${this.worker} has ended`));
    this.#surroundings.onEnd(this, { ...end, livedMs: this.#surroundings.clock.nowMs() - this.#startedMs });
  }
}
