import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { ConfigFollower } from './config-follower.ts';
import type { GenerationHistory } from './served-configuration.ts';

/** Declares the metrics of configurations and their reloads. All are read when they are rendered. */
export function registerReloadMetrics(
  registry: MetricRegistry,
  generations: () => GenerationHistory,
  follower: ConfigFollower | undefined,
): void {
  registry.callback(
    'gauge',
    {
      name: 'sluice_config_generation',
      help: 'Number of the configuration that is served, from 1.',
      aggregation: 'max',
    },
    () => generations().number,
  );
  registry.callback(
    'gauge',
    {
      name: 'sluice_config_last_reload_successful',
      help: 'Whether the files of the configuration were good when they were last read: 1 or 0.',
      aggregation: 'min',
    },
    () => (follower?.lastReload?.isSuccessful === false ? 0 : 1),
  );
  registry.callback(
    'gauge',
    {
      name: 'sluice_config_last_change_timestamp_seconds',
      help: 'When the configuration that is served began to be.',
      aggregation: 'max',
    },
    () => generations().records[0]!.sinceWallMs / 1_000,
  );
  registry.collect(
    'counter',
    {
      name: 'sluice_config_reloads_total',
      help: 'Readings of the files of the configuration since the start, by outcome.',
      labels: ['outcome'],
    },
    () =>
      (['successful', 'failed'] as const).map((outcome) => ({
        labels: { outcome },
        value: follower?.reloads[outcome] ?? 0,
      })),
  );
}

/** Declares the metric of former configurations, where the requests are served. */
export function registerDrainingMetric(registry: MetricRegistry, generations: () => GenerationHistory): void {
  registry.callback(
    'gauge',
    {
      name: 'sluice_config_draining_generations',
      help: 'Former configurations that still have requests in flight.',
      aggregation: 'max',
    },
    () => generations().records.filter(({ state }) => state === 'draining').length,
  );
}
