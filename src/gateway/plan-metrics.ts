import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { PlanStatistics } from '../transcoder/plan-statistics.ts';

/** Declares the metrics of what was learnt of answers. All are read when they are rendered. */
export function registerPlanMetrics(registry: MetricRegistry, statistics: () => PlanStatistics): void {
  registry.callback(
    'counter',
    { name: 'sluice_plan_cache_hits_total', help: 'Class definitions in answers that had a plan.' },
    () => statistics().classes.hits,
  );
  registry.callback(
    'counter',
    { name: 'sluice_plan_cache_misses_total', help: 'Class definitions in answers for which a plan was made.' },
    () => statistics().classes.misses,
  );
  registry.callback(
    'counter',
    { name: 'sluice_plan_cache_evictions_total', help: 'Plans dropped to make room for others.' },
    () => statistics().classes.evictions,
  );
  registry.callback(
    'gauge',
    { name: 'sluice_plan_cache_entries', help: 'Plans of class definitions that are remembered.' },
    () => statistics().classes.entries,
  );
  registry.collect(
    'gauge',
    { name: 'sluice_plan_cache_bytes', help: 'About how many bytes is remembered of answers.', labels: ['kind'] },
    () => [
      { labels: { kind: 'classes' }, value: statistics().classes.bytes },
      { labels: { kind: 'shapes' }, value: statistics().shapes.bytes },
    ],
  );
}
