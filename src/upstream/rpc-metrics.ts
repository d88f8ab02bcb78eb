import type { Counter } from '../telemetry/metrics/counter.ts';
import type { Histogram } from '../telemetry/metrics/histogram.ts';
import { DURATION_BUCKETS_SECONDS } from '../telemetry/metrics/histogram-buckets.ts';
import type { CounterFamily, HistogramFamily, MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { HedgeOutcome } from './hedged-call.ts';
import { OutcomeMetrics } from './outcome-metrics.ts';
import type { RpcOutcome } from './rpc-outcome.ts';

/** The series of one method of a service, shared by the routes that call it. */
export class RpcCallMetrics {
  readonly service: string;
  readonly method: string;
  readonly #calls: CounterFamily<'service' | 'method' | 'outcome'>;
  readonly #durations: HistogramFamily<'service' | 'method'>;
  /** Made with the first call: of many configured methods few are called. */
  #duration: Histogram | undefined = undefined;
  /** A counter is made with the first call that ends so: most outcomes never occur. */
  readonly #counters: Record<RpcOutcome, Counter | undefined> = {
    ok: undefined,
    exception: undefined,
    timeout: undefined,
    refused: undefined,
    failed: undefined,
    cancelled: undefined,
  };
  #isRetired = false;

  constructor(
    service: string,
    method: string,
    calls: CounterFamily<'service' | 'method' | 'outcome'>,
    durations: HistogramFamily<'service' | 'method'>,
  ) {
    this.service = service;
    this.method = method;
    this.#calls = calls;
    this.#durations = durations;
  }

  /**
   * Counts one call that has ended.
   *
   * @param seconds from its slot to its end; refused calls have no duration worth a place in the histogram
   */
  record(outcome: RpcOutcome, seconds: number): void {
    const counter = this.#counters[outcome] ?? this.#addCounter(outcome);
    counter?.add(1);
    if (outcome !== 'refused') (this.#duration ?? this.#addDuration())?.observe(seconds);
  }

  /** Takes the counters out of the metrics; no more are made for calls that end after this. */
  retire(): void {
    this.#isRetired = true;
    if (this.#duration !== undefined) this.#durations.remove({ service: this.service, method: this.method });
    for (const outcome of Object.keys(this.#counters) as RpcOutcome[]) {
      if (this.#counters[outcome] !== undefined) this.#calls.remove(this.#labels(outcome));
    }
  }

  #addCounter(outcome: RpcOutcome): Counter | undefined {
    if (this.#isRetired) return undefined;
    const counter = this.#calls.with(this.#labels(outcome));
    this.#counters[outcome] = counter;
    return counter;
  }

  #addDuration(): Histogram | undefined {
    if (this.#isRetired) return undefined;
    this.#duration = this.#durations.with({ service: this.service, method: this.method });
    return this.#duration;
  }

  #labels(outcome: RpcOutcome): Record<'service' | 'method' | 'outcome', string> {
    return { service: this.service, method: this.method, outcome };
  }
}

/** What is measured of calls to providers. */
export class RpcMetrics {
  /** By route; these calls are not among those of their methods. */
  readonly mirrors: OutcomeMetrics<'route'>;
  /** By route and side; these calls are among those of their methods as well. */
  readonly sides: OutcomeMetrics<'route' | 'side'>;
  /** By service and method; each hedge is among the calls of its method as well. */
  readonly hedges: OutcomeMetrics<'service' | 'method', HedgeOutcome>;
  readonly #calls: CounterFamily<'service' | 'method' | 'outcome'>;
  readonly #durations: HistogramFamily<'service' | 'method'>;
  readonly #methods = new Map<string, RpcCallMetrics>();

  /** Declares the metrics. */
  constructor(registry: MetricRegistry) {
    this.#calls = registry.counter({
      name: 'sluice_rpc_calls_total',
      help: 'Calls by how they ended: ok, exception, timeout, refused, failed or cancelled.',
      labels: ['service', 'method', 'outcome'],
    });
    this.#durations = registry.histogram({
      name: 'sluice_rpc_call_duration_seconds',
      help: 'Time of calls until they ended, refused ones left out.',
      labels: ['service', 'method'],
      buckets: DURATION_BUCKETS_SECONDS,
    });
    const mirrored = registry.counter({
      name: 'sluice_mirror_calls_total',
      help: 'Mirrored calls by how they ended: as other calls do, or dropped where too many were in flight.',
      labels: ['route', 'outcome'],
    });
    this.mirrors = new OutcomeMetrics<'route'>(mirrored);
    const split = registry.counter({
      name: 'sluice_split_calls_total',
      help: 'Calls of the sides of split routes by how they ended.',
      labels: ['route', 'side', 'outcome'],
    });
    this.sides = new OutcomeMetrics<'route' | 'side'>(split);
    const hedged = registry.counter({
      name: 'sluice_hedges_total',
      help: 'Second calls for slow ones: answered first (won), second (lost), failed, or not made (refused).',
      labels: ['service', 'method', 'outcome'],
    });
    this.hedges = new OutcomeMetrics<'service' | 'method', HedgeOutcome>(hedged);
  }

  /**
   * The handle of a method, the same for each call.
   *
   * @param service the service as the configuration names it
   * @param method name of the method
   */
  method(service: string, method: string): RpcCallMetrics {
    const key = methodKey(service, method);
    let metrics = this.#methods.get(key);
    if (metrics === undefined) {
      metrics = new RpcCallMetrics(service, method, this.#calls, this.#durations);
      this.#methods.set(key, metrics);
    }
    return metrics;
  }

  /**
   * Takes the series of all other methods out of the metrics. To be called when routes are gone and their last calls
   * have ended; a method that is asked for again later starts at zero.
   */
  keepOnly(methods: ReadonlySet<RpcCallMetrics>): void {
    for (const [key, metrics] of this.#methods) {
      if (methods.has(metrics)) continue;
      this.#methods.delete(key);
      metrics.retire();
    }
  }
}

/** A line feed is in no name of a Java interface or method. */
function methodKey(service: string, method: string): string {
  return `${service}\n${method}`;
}
