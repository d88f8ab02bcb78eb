import { EventLoopMetrics } from './event-loop-metrics.ts';
import { GcMetrics } from './gc-metrics.ts';
import type { MetricRegistry } from './metric-registry.ts';
import { registerProcessMetrics } from './process-metrics.ts';

/** The metrics of the build, the process and the runtime. */
export class RuntimeMetrics {
  readonly #eventLoop: EventLoopMetrics;
  readonly #gc: GcMetrics;

  /**
   * Declares the metrics and starts to measure; `close` ends it.
   *
   * @param version version of the gateway
   */
  constructor(registry: MetricRegistry, version: string) {
    registry
      .gauge({
        name: 'sluice_build_info',
        help: 'Always 1; the labels say which gateway runs on which version of Node.',
        labels: ['version', 'node'],
        aggregation: 'max',
      })
      .with({ version, node: process.version })
      .set(1);
    registerProcessMetrics(registry);
    this.#eventLoop = new EventLoopMetrics(registry);
    this.#gc = new GcMetrics(registry);
  }

  /** Stops measuring. */
  close(): void {
    this.#eventLoop.close();
    this.#gc.close();
  }
}
