import type { Counter } from '../telemetry/metrics/counter.ts';
import type { CounterFamily, MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { RpcOutcome } from './rpc-outcome.ts';

/** How a mirrored call ended; `dropped`: not made, since too many were in flight. */
export type MirrorOutcome = RpcOutcome | 'dropped';

/** The series of the mirror of one route. */
export class MirrorCallMetrics {
  readonly #route: string;
  readonly #calls: CounterFamily<'route' | 'outcome'>;
  readonly #counters = new Map<MirrorOutcome, Counter>();
  #isRetired = false;

  constructor(route: string, calls: CounterFamily<'route' | 'outcome'>) {
    this.#route = route;
    this.#calls = calls;
  }

  /** Counts one call that has ended, or was not made. */
  record(outcome: MirrorOutcome): void {
    let counter = this.#counters.get(outcome);
    if (counter === undefined) {
      if (this.#isRetired) return;
      counter = this.#calls.with({ route: this.#route, outcome });
      this.#counters.set(outcome, counter);
    }
    counter.add(1);
  }

  /** Takes the counters out of the metrics; no more are made for calls that end after this. */
  retire(): void {
    this.#isRetired = true;
    for (const outcome of this.#counters.keys()) this.#calls.remove({ route: this.#route, outcome });
  }
}

/** What is measured of mirrored calls. */
export class MirrorMetrics {
  readonly #calls: CounterFamily<'route' | 'outcome'>;
  readonly #routes = new Map<string, MirrorCallMetrics>();

  /** Declares the metric. */
  constructor(registry: MetricRegistry) {
    this.#calls = registry.counter({
      name: 'sluice_mirror_calls_total',
      help: 'Mirrored calls by how they ended: ok, exception, timeout, refused, failed, cancelled, or dropped where too many were in flight.',
      labels: ['route', 'outcome'],
    });
  }

  /** The handle of a route by its id, the same for each call. */
  route(id: string): MirrorCallMetrics {
    let metrics = this.#routes.get(id);
    if (metrics === undefined) {
      metrics = new MirrorCallMetrics(id, this.#calls);
      this.#routes.set(id, metrics);
    }
    return metrics;
  }

  /** Takes the series of all other routes out of the metrics, when those are gone and their last calls have ended. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const [id, metrics] of this.#routes) {
      if (ids.has(id)) continue;
      this.#routes.delete(id);
      metrics.retire();
    }
  }
}
