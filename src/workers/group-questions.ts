import { GatewayError } from '../errors/gateway-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { canAnswer, type WorkerGroup, type WorkerRequest } from './worker-group.ts';
import type { WorkerRequests } from './worker-requests.ts';

/** What one worker answered. */
export interface Answered<Name extends WorkerRequest> {
  readonly worker: number;
  readonly answer: WorkerRequests[Name]['answer'];
}

/** What a group answered. */
export interface Gathered<Name extends WorkerRequest> {
  readonly answered: readonly Answered<Name>[];
  /** The answers alone, in the same order. */
  readonly answers: readonly WorkerRequests[Name]['answer'][];
  /** Names the workers that gave none in time; empty where all did. */
  readonly missing: { readonly missingWorkers?: readonly number[] };
}

/** Longest wait in ms for an answer: a worker that is only busy has one within some ms. */
const LIMIT_MS = 2_000;
/** Longest wait for a worker that had no answer to the question before. */
const SILENT_LIMIT_MS = 100;

/**
 * Asks workers for the admin API: a worker that does not answer never makes the answers of the others fail, and is waited
 * for once only.
 */
export class GroupQuestions {
  readonly #group: WorkerGroup;
  readonly #logger: Logger;
  /** Workers that had no answer to the last question. */
  readonly #silent = new Set<number>();

  constructor(group: WorkerGroup, logger: Logger) {
    this.#group = group;
    this.#logger = logger;
  }

  /**
   * Asks all workers that can answer; there is one answer at least. Rejects with the GatewayError of one of them where none has an answer but that, as for
   * something that does not exist, and with GatewayError WORKERS_AWAY where none answers at all.
   */
  async all<Name extends WorkerRequest>(
    name: Name,
    argument: WorkerRequests[Name]['argument'],
  ): Promise<Gathered<Name>> {
    const { refusal, ...gathered } = await this.#ask(name, argument, LIMIT_MS);
    if (gathered.answered.length === 0) throw refusal ?? away();
    return gathered;
  }

  /**
   * What those workers say that answer; nothing where none does. Never rejects.
   *
   * @param limitMs longest wait in ms
   */
  async heard<Name extends WorkerRequest>(
    name: Name,
    argument: WorkerRequests[Name]['argument'],
    limitMs: number = LIMIT_MS,
  ): Promise<readonly WorkerRequests[Name]['answer'][]> {
    return (await this.#ask(name, argument, limitMs)).answers;
  }

  /**
   * Asks one worker after the other until one answers, or says that what is asked does not exist; silent ones last. Rejects
   * as `all` does.
   */
  async any<Name extends WorkerRequest>(
    name: Name,
    argument: WorkerRequests[Name]['argument'],
  ): Promise<WorkerRequests[Name]['answer']> {
    const workers = this.#group.workers.filter(canAnswer).map(({ worker }) => worker);
    const silentLast = [
      ...workers.filter((worker) => !this.#silent.has(worker)),
      ...workers.filter((worker) => this.#silent.has(worker)),
    ];
    for (const worker of silentLast) {
      const { answer, error } = await this.#askOne(worker, name, argument, LIMIT_MS);
      if (error === undefined) return answer as WorkerRequests[Name]['answer'];
      if (error instanceof GatewayError) throw error;
    }
    throw away();
  }

  async #ask<Name extends WorkerRequest>(
    name: Name,
    argument: WorkerRequests[Name]['argument'],
    limitMs: number,
  ): Promise<Gathered<Name> & { readonly refusal: GatewayError | undefined }> {
    const asked = this.#group.workers.filter(canAnswer);
    const said = await Promise.all(asked.map(({ worker }) => this.#askOne(worker, name, argument, limitMs)));
    const answered: Answered<Name>[] = [];
    const missingWorkers: number[] = [];
    let refusal: GatewayError | undefined;
    for (const { worker, answer, error } of said) {
      if (error === undefined) answered.push({ worker, answer: answer as WorkerRequests[Name]['answer'] });
      // One that has another configuration for a moment does not know what the others know.
      else if (error instanceof GatewayError) refusal ??= error;
      else if (this.#isThere(worker)) missingWorkers.push(worker);
    }
    const missing = missingWorkers.length === 0 ? {} : { missingWorkers };
    return { answered, answers: answered.map(({ answer }) => answer), missing, refusal };
  }

  /** Never rejects: there is an answer, or else an error. */
  async #askOne<Name extends WorkerRequest>(
    worker: number,
    name: Name,
    argument: WorkerRequests[Name]['argument'],
    limitMs: number,
  ): Promise<{ readonly worker: number; readonly answer?: WorkerRequests[Name]['answer']; readonly error?: unknown }> {
    try {
      const limit = this.#silent.has(worker) ? Math.min(limitMs, SILENT_LIMIT_MS) : limitMs;
      const answer = await this.#group.ask(worker, name, argument, limit);
      this.#silent.delete(worker);
      return { worker, answer };
    } catch (error) {
      const isSilent = !(error instanceof GatewayError) && this.#isThere(worker);
      if (isSilent && !this.#silent.has(worker)) {
        this.#silent.add(worker);
        this.#logger.warn('worker gave no answer to a question of the admin API', {
          worker,
          question: name,
          err: error,
        });
      }
      return { worker, error };
    }
  }

  /** Whether a worker that was asked has not ended meanwhile. */
  #isThere(worker: number): boolean {
    return this.#group.workers.some((info) => info.worker === worker && canAnswer(info));
  }
}

function away(): GatewayError {
  return new GatewayError('WORKERS_AWAY', 'None of the processes that serve has answered; ask again.');
}
