import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { systemLoopMeter } from '../loop-meter.ts';
import { EventLoopWindow } from './event-loop-window.ts';
import type { MetricRegistry } from './metric-registry.ts';

/** Interval at which the delay is measured: fifty wake-ups a second cost next to nothing. */
const RESOLUTION_MS = 20;
/** Half of the longest time that the values look back: at least as long as usual intervals between scrapes. */
const PERIOD_MS = 30_000;
const PERCENTILES: readonly number[] = [50, 90, 99];

/** Delay and utilisation of the event loop over the last 30 to 60 seconds. */
export class EventLoopMetrics {
  readonly #monitors: IntervalHistogram[] = [];
  readonly #timer: NodeJS.Timeout;

  /** Declares the metrics and starts to measure. */
  constructor(registry: MetricRegistry) {
    const window = new EventLoopWindow(() => this.#startMonitor(), RESOLUTION_MS, systemLoopMeter);
    for (const percentile of PERCENTILES) {
      const name = `nodejs_eventloop_lag_p${percentile}_seconds`;
      const help = `Delay of the event loop in the last 30 to 60 s, ${percentile}th percentile.`;
      registry.callback('gauge', { name, help, aggregation: 'worker' }, () => window.lagSeconds(percentile));
    }
    registry.callback(
      'gauge',
      {
        name: 'nodejs_eventloop_lag_mean_seconds',
        help: 'Delay of the event loop in the last 30 to 60 s, mean.',
        aggregation: 'worker',
      },
      () => window.meanLagSeconds(),
    );
    registry.callback(
      'gauge',
      {
        name: 'nodejs_eventloop_lag_max_seconds',
        help: 'Longest delay of the event loop in the last 30 to 60 s.',
        aggregation: 'worker',
      },
      () => window.maxLagSeconds(),
    );
    registry.callback(
      'gauge',
      {
        name: 'nodejs_eventloop_utilization_ratio',
        help: 'Share of the last 30 to 60 s in which the event loop worked, from 0 to 1.',
        aggregation: 'worker',
      },
      () => window.utilization(),
    );
    this.#timer = setInterval(() => window.rotate(), PERIOD_MS);
    this.#timer.unref();
  }

  /** Stops measuring; the values stay as they are. */
  close(): void {
    clearInterval(this.#timer);
    for (const monitor of this.#monitors) monitor.disable();
  }

  #startMonitor(): IntervalHistogram {
    const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    monitor.enable();
    this.#monitors.push(monitor);
    return monitor;
  }
}
