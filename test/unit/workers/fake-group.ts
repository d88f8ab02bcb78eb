import { MethodHistory } from '../../../src/workers/method-history.ts';
import type { WorkerGroup, WorkerInfo, WorkerRequest } from '../../../src/workers/worker-group.ts';
import type { WorkerRequests } from '../../../src/workers/worker-requests.ts';

/** What a worker says to a question; it may throw or reject. */
export type FakeAnswers = Partial<{
  [Name in WorkerRequest]: (
    argument: WorkerRequests[Name]['argument'],
  ) => WorkerRequests[Name]['answer'] | Promise<WorkerRequests[Name]['answer']>;
}>;

/** A group without processes: answers go through the same cloning as messages do. */
export class FakeGroup implements WorkerGroup {
  readonly answers: FakeAnswers[];
  readonly infos: WorkerInfo[];
  readonly history = new MethodHistory();
  /** What was asked, and of whom. */
  readonly asked: string[] = [];
  /** How long each answer was waited for. */
  readonly limitsMs: (number | undefined)[] = [];

  /** @param answers of each worker */
  constructor(...answers: FakeAnswers[]) {
    this.answers = answers;
    this.infos = answers.map((_, index) => ({
      worker: index + 1,
      pid: 100 + index,
      state: 'serving',
      startedAtWallMs: 0,
      restarts: 0,
    }));
  }

  get workers(): readonly WorkerInfo[] {
    return this.infos;
  }

  /** Changes what is known of a worker. */
  set(worker: number, info: Partial<WorkerInfo>): void {
    this.infos[worker - 1] = { ...this.infos[worker - 1]!, ...info };
  }

  async ask<K extends WorkerRequest>(
    worker: number,
    name: K,
    argument: WorkerRequests[K]['argument'],
    limitMs?: number,
  ): Promise<WorkerRequests[K]['answer']> {
    this.limitsMs.push(limitMs);
    this.asked.push(`${worker} ${name}`);
    const answer = this.answers[worker - 1]![name];
    if (answer === undefined) throw new Error(`worker ${worker} is stuck`);
    return structuredClone(await answer(structuredClone(argument) as never)) as WorkerRequests[K]['answer'];
  }
}
