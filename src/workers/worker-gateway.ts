import type { MethodStanding } from '../bulkhead/method-standing.ts';
import type { GatewayConfig, RouteConfig } from '../config/schema.ts';
import { DataPlane } from '../gateway/data-plane.ts';
import { createLogSink } from '../telemetry/log-sink.ts';
import { createLogger, type Logger } from '../telemetry/logger.ts';
import type { Clock } from '../time/clock.ts';
import { WallOffset } from '../time/wall-offset.ts';
import { sentError } from './sent-error.ts';
import { StandingOrder } from './standing-order.ts';
import { type WorkerAnswers, workerAnswers } from './worker-answers.ts';
import type { PrimaryMessage, SentConfiguration, WorkerMessage } from './worker-messages.ts';

/** What a worker needs of its process. */
export interface WorkerSurroundings {
  readonly clock: Clock;
  /** Tells the primary. */
  send(message: WorkerMessage): void;
  /** Ends the process. */
  exit(code: number): void;
}

const EXIT_OK = 0;
const EXIT_FAILED = 1;

/** The gateway of a worker: serves what its primary says, and does what it says. */
export class WorkerGateway {
  readonly #surroundings: WorkerSurroundings;
  readonly #wallOffset: WallOffset;
  readonly #order = new StandingOrder();
  /** Those of the configuration that is on its way. */
  #routes: RouteConfig[] = [];
  #running: RunningGateway | undefined;
  #isStopping = false;

  constructor(surroundings: WorkerSurroundings) {
    this.#surroundings = surroundings;
    this.#wallOffset = new WallOffset(surroundings.clock);
  }

  receive(message: PrimaryMessage): void {
    switch (message.kind) {
      case 'routes':
        this.#routes.push(...message.routes);
        break;
      case 'start':
        void this.#start(message.worker, message);
        break;
      case 'replace':
        void this.#answer(message.ask, () => this.#replace(message));
        break;
      case 'ask':
        void this.#answer(message.ask, () => this.#ask(message.name, message.argument));
        break;
      case 'standing':
        if (this.#order.received(message.standing.method, message.isOwn)) this.#adopt(message.standing);
        break;
      case 'stop':
        void this.stop();
        break;
    }
  }

  /** Drains and ends the process; a second call does not wait for running requests. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (this.#isStopping) {
      running?.plane.cutOff();
      return;
    }
    this.#isStopping = true;
    await running?.plane.stop();
    await running?.logger.close();
    this.#surroundings.exit(EXIT_OK);
  }

  async #start(worker: number, sent: SentConfiguration): Promise<void> {
    const { clock, send, exit } = this.#surroundings;
    const config = this.#received(sent);
    const logger = createLogger({ level: config.log.level, sink: createLogSink(1, worker) });
    try {
      const plane = new DataPlane(config, { logger, clock, onMethodStanding: (standing) => this.#tell(standing) });
      const groupNumbers = [sent.generation];
      const answers = workerAnswers(plane, clock, (number) => groupNumbers[number - 1]!);
      this.#running = { plane, logger, answers, groupNumbers };
      for (const standing of sent.standings) this.#adopt(standing);
      send({ kind: 'listening', http: await plane.start() });
    } catch (error) {
      send({ kind: 'failed', error: sentError(error) });
      await logger.close();
      exit(EXIT_FAILED);
    }
  }

  async #replace(sent: SentConfiguration): Promise<void> {
    const { plane, groupNumbers } = this.#started();
    await plane.live.replace(this.#received(sent), sent.source);
    // A share can be the same in the next configuration too: then the generation stays, and has the next number.
    groupNumbers[plane.live.generations.number - 1] = sent.generation;
    for (const standing of sent.standings) this.#adopt(standing);
  }

  async #answer(ask: number, work: () => unknown): Promise<void> {
    const { send } = this.#surroundings;
    try {
      send({ kind: 'answer', ask, answer: await work() });
    } catch (error) {
      send({ kind: 'refusal', ask, error: sentError(error) });
    }
  }

  #ask(name: string, argument: unknown): unknown {
    const { answers } = this.#started();
    if (!Object.hasOwn(answers, name)) throw new Error(`a worker cannot be asked ${JSON.stringify(name)}`);
    return answers[name as keyof WorkerAnswers](argument as never);
  }

  #started(): RunningGateway {
    if (this.#running === undefined) throw new Error('the worker was not told to start');
    return this.#running;
  }

  /** The configuration that was sent, with the routes that came before it. */
  #received({ config }: SentConfiguration): GatewayConfig {
    const routes = this.#routes;
    this.#routes = [];
    return { ...config, routes };
  }

  #tell(standing: MethodStanding): void {
    this.#order.sent(standing.method);
    const sinceMs = standing.sinceMs + this.#wallOffset.ms;
    this.#surroundings.send({ kind: 'standing', standing: { ...standing, sinceMs } });
  }

  #adopt(standing: MethodStanding): void {
    this.#running?.plane.load.adopt({ ...standing, sinceMs: standing.sinceMs - this.#wallOffset.ms });
  }
}

interface RunningGateway {
  readonly plane: DataPlane;
  readonly logger: Logger;
  readonly answers: WorkerAnswers;
  /** Of the generations of this process, from its first. */
  readonly groupNumbers: number[];
}
