import type { Readiness } from '../admin/admin-view.ts';
import type { WorkerInfo } from './worker-group.ts';

/**
 * Whether a group should get traffic. At its start all workers must be ready; after that one is enough, since a worker that
 * is started again gets no requests before it listens, and must not take the others with it.
 */
export class GroupReadiness {
  #wasReady = false;

  /**
   * @param answers of the workers that answered
   * @param isServing whether the group is not about to end
   */
  readiness(workers: readonly WorkerInfo[], answers: readonly Readiness[], isServing: boolean): Readiness {
    const listening = workers.filter(({ state }) => state === 'serving').length;
    const checks: Record<string, boolean> = {};
    for (const name of new Set(answers.flatMap((answer) => Object.keys(answer.checks)))) {
      const passed = answers.filter((answer) => answer.checks[name] !== false).length;
      checks[name] = this.#isEnough(passed, answers.length);
    }
    checks.listening = this.#isEnough(listening, workers.length);
    checks.answering = answers.length > 0;
    checks.serving = isServing;
    const ready = Object.values(checks).every(Boolean);
    this.#wasReady ||= ready;
    return { ready, checks, missingRegistries: [...new Set(answers.flatMap((one) => one.missingRegistries))] };
  }

  #isEnough(number: number, of: number): boolean {
    return number > 0 && (number === of || this.#wasReady);
  }
}
