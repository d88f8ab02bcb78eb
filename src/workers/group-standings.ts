import type { MethodStanding } from '../bulkhead/method-standing.ts';

/** The methods of a group that are not merely healthy, for workers that come later. Knows no more than are configured. */
export class GroupStandings {
  readonly #standings = new Map<string, MethodStanding>();

  /** What holds for new workers. */
  get all(): MethodStanding[] {
    return [...this.#standings.values()];
  }

  /** A worker has told of a change. */
  record(standing: MethodStanding): void {
    if (standing.state === 'healthy' && !standing.isPinned) this.#standings.delete(standing.method);
    else this.#standings.set(standing.method, standing);
  }

  /** Forgets the methods that are not configured any more. */
  keepOnly(methods: ReadonlySet<string>): void {
    for (const method of this.#standings.keys()) if (!methods.has(method)) this.#standings.delete(method);
  }
}
