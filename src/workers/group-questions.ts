import { GatewayError } from '../errors/gateway-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { canAnswer, type WorkerGroup, type WorkerRequest } from './worker-group.ts';
import type { WorkerRequests } from './worker-requests.ts';

/** What one worker answered. */
export interface Answered<Name extends WorkerRequest> {
  readonly worker: number;
  readonly answer: WorkerRequests[Name]['answer'];
}

/** What a group answered: one answer at least. */
export interface Gathered<Name extends WorkerRequest> {
  readonly answered: readonly Answered<Name>[];
  /** The answers alone, in the same order. */
  readonly answers: readonly WorkerRequests[Name]['answer'][];
  /** Names the workers that gave none in time; empty where all did. */
  readonly missing: { readonly missingWorkers?: readonly number[] };
}

/** Longest wait in ms for an answer: a worker that is only busy has one within some ms. */
export const QUESTION_LIMIT_MS = 2_000;

/** Asks workers for the admin API: a worker that does not answer never makes the answers of the others fail. */
export class GroupQuestions {
  readonly #group: WorkerGroup;
  readonly #logger: Logger;

  constructor(group: WorkerGroup, logger: Logger) {
    this.#group = group;
    this.#logger = logger;
  }

  /**
   * Asks all workers that can answer. Rejects with the GatewayError of one of them where none has an answer but that, as for
   * something that does not exist, and with GatewayError WORKERS_AWAY where none answers at all.
   */
  async all<Name extends WorkerRequest>(
    name: Name,
    argument: WorkerRequests[Name]['argument'],
  ): Promise<Gathered<Name>> {
    const answered: Answered<Name>[] = [];
    const missingWorkers: number[] = [];
    let refusal: GatewayError | undefined;
    for (const { worker, answer, error } of await this.#group.askAll(name, argument, QUESTION_LIMIT_MS)) {
      if (error === undefined) answered.push({ worker, answer: answer as WorkerRequests[Name]['answer'] });
      // One that has another configuration for a moment does not know what the others know.
      else if (error instanceof GatewayError) refusal ??= error;
      else {
        missingWorkers.push(worker);
        this.#report(worker, name, error);
      }
    }
    if (answered.length === 0) throw refusal ?? away();
    const missing = missingWorkers.length === 0 ? {} : { missingWorkers };
    return { answered, answers: answered.map(({ answer }) => answer), missing };
  }

  /** Asks one worker after the other until one answers, or says that what is asked does not exist. Rejects as `all` does. */
  async any<Name extends WorkerRequest>(
    name: Name,
    argument: WorkerRequests[Name]['argument'],
  ): Promise<WorkerRequests[Name]['answer']> {
    for (const { worker } of this.#group.workers.filter(canAnswer)) {
      try {
        return await this.#group.ask(worker, name, argument, QUESTION_LIMIT_MS);
      } catch (error) {
        if (error instanceof GatewayError) throw error;
        this.#report(worker, name, error);
      }
    }
    throw away();
  }

  #report(worker: number, question: string, error: unknown): void {
    this.#logger.warn('worker gave no answer to a question of the admin API', { worker, question, err: error });
  }
}

function away(): GatewayError {
  return new GatewayError('WORKERS_AWAY', 'None of the processes that serve has answered; ask again.');
}
