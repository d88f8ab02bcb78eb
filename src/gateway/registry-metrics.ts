import type { Sample } from '../telemetry/metrics/collected-family.ts';
import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { Generation } from './generation.ts';
import type { Registries } from './registries.ts';
import { registryProgress } from './registry-progress.ts';

/** Declares the metrics of registries. All are read when they are rendered. */
export function registerRegistryMetrics(
  registry: MetricRegistry,
  registries: Registries,
  current: () => Generation,
): void {
  registry.collect(
    'gauge',
    {
      name: 'sluice_registry_up',
      help: 'Whether a registry answers: 1 or 0. While it does not, the last known providers serve.',
      labels: ['registry'],
      aggregation: 'min',
    },
    () => upSamples(registries),
  );
  registry.collect(
    'gauge',
    {
      name: 'sluice_registry_last_answer_timestamp_seconds',
      help: 'When a registry last said that a list of providers holds; nothing before it did.',
      labels: ['registry'],
      aggregation: 'min',
    },
    () => answerSamples(current()),
  );
}

/** Of two with one name, as after a change of its section, the newer one counts. */
function* upSamples(registries: Registries): Generator<Sample<'registry'>> {
  const states = new Map(registries.status().map(({ name, state }) => [name, state]));
  for (const [registry, state] of states) yield { labels: { registry }, value: state === 'connected' ? 1 : 0 };
}

function* answerSamples(generation: Generation): Generator<Sample<'registry'>> {
  for (const [registry, { confirmedAtMs }] of registryProgress(generation)) {
    if (confirmedAtMs !== undefined) yield { labels: { registry }, value: confirmedAtMs / 1_000 };
  }
}
