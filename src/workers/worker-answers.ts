import type { DataPlane } from '../gateway/data-plane.ts';
import { DataPlaneView } from '../gateway/data-plane-view.ts';
import type { Clock } from '../time/clock.ts';
import { MetricReadings } from './metric-readings.ts';
import { WorkerLoadView } from './worker-load.ts';
import type { WorkerRequests } from './worker-requests.ts';

/** What a worker says to each question. It may throw or reject: GatewayError as the admin API does. */
export type WorkerAnswers = {
  readonly [Name in keyof WorkerRequests]: (
    argument: WorkerRequests[Name]['argument'],
  ) => WorkerRequests[Name]['answer'] | Promise<WorkerRequests[Name]['answer']>;
};

/**
 * The answers of a worker to the questions of its primary.
 *
 * @param groupNumberOf the number in the group of a generation of this worker, which counts its own from 1
 */
export function workerAnswers(
  plane: DataPlane,
  clock: Clock,
  groupNumberOf: (generation: number) => number,
): WorkerAnswers {
  const view = new DataPlaneView(plane, clock);
  const load = new WorkerLoadView(plane.load, view.load, clock, view.wallOffset);
  const metrics = new MetricReadings(plane.metrics);
  return {
    readiness: () => view.readiness(),
    methodIndex: () => load.index(),
    load: (keys) => load.load(keys),
    method: (key) => load.method(key),
    actOnMethod: ({ key, action, reason }) => view.actOnMethod(key, action, reason),
    services: () => view.services(),
    providers: (query) => view.providers(query),
    registries: () => view.registries(),
    connections: () => view.connections(),
    routes: () => view.routes(plane.live.config),
    plans: () => view.plans(),
    generationUse: () =>
      plane.live.generations.records
        .filter(({ state }) => state !== 'gone')
        .map(({ number, inFlight }) => ({ number: groupNumberOf(number), inFlight })),
    metrics: (query) => metrics.page(query),
  };
}
