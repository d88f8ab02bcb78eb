import type { ShownHistory } from './method-history.ts';
import type { WorkerRequests } from './worker-requests.ts';

/** One of the processes that serve. */
export interface WorkerInfo {
  /** From 1; a worker that takes the place of one that died has its number. */
  readonly worker: number;
  /** Of the system; undefined while none runs, before the next attempt to start it. */
  readonly pid: number | undefined;
  /** `starting`: it does not listen yet; `serving`; `stopping`: it drains; `down`: it died and will be started again. */
  readonly state: 'starting' | 'serving' | 'stopping' | 'down';
  /** When the process was started, in ms since 1970. */
  readonly startedAtWallMs: number;
  /** How often a worker of this number was started again. */
  readonly restarts: number;
}

/** Names of what workers can be asked. */
export type WorkerRequest = keyof WorkerRequests;

/** The workers as their primary sees them. */
export interface WorkerGroup {
  /** By number; as many as are configured. */
  readonly workers: readonly WorkerInfo[];
  /** What became of methods. */
  readonly history: ShownHistory;
  /**
   * Asks a worker that can answer. Rejects with the GatewayError that the worker threw, and with another Error where it is not
   * there, dies, or gives no answer in time.
   *
   * @param limitMs longest wait in ms; default 5,000
   */
  ask<K extends WorkerRequest>(
    worker: number,
    name: K,
    argument: WorkerRequests[K]['argument'],
    limitMs?: number,
  ): Promise<WorkerRequests[K]['answer']>;
}

/** Whether a worker can be asked: it serves, or drains. */
export function canAnswer({ state }: Pick<WorkerInfo, 'state'>): boolean {
  return state === 'serving' || state === 'stopping';
}
