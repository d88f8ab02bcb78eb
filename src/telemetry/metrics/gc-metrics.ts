import { constants, type NodeGCPerformanceDetail, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import type { HistogramFamily, MetricRegistry } from './metric-registry.ts';

const BUCKETS_SECONDS: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

const KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/** An entry of type `gc`. */
interface GcEntry extends PerformanceEntry {
  readonly detail: NodeGCPerformanceDetail;
}

/** Pauses of the garbage collector. */
export class GcMetrics {
  readonly #durations: HistogramFamily<'kind'>;
  readonly #observer: PerformanceObserver;

  /** Declares the metric and starts to observe. */
  constructor(registry: MetricRegistry) {
    this.#durations = registry.histogram({
      name: 'nodejs_gc_duration_seconds',
      help: 'Collections of garbage by kind: major, minor, incremental or weakcb.',
      labels: ['kind'],
      aggregation: 'worker',
      buckets: BUCKETS_SECONDS,
    });
    this.#observer = new PerformanceObserver((list) => {
      for (const { detail, duration } of list.getEntries() as GcEntry[]) {
        const kind = KINDS[detail.kind] ?? 'other';
        this.#durations.with({ kind }).observe(duration / 1000);
      }
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Stops observing; the counts stay as they are. */
  close(): void {
    this.#observer.disconnect();
  }
}
