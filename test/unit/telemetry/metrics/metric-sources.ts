import type { MetricSource } from '../../../../src/telemetry/metrics/merged-metrics.ts';
import type { MetricPart } from '../../../../src/telemetry/metrics/metric-page.ts';
import { metricPages } from '../../../../src/telemetry/metrics/metric-pages.ts';
import type { MetricRegistry } from '../../../../src/telemetry/metrics/metric-registry.ts';

/** All metrics of a registry, as another process gets them. */
export async function partsOf(registry: MetricRegistry, pageValues?: number): Promise<MetricPart[]> {
  const parts: MetricPart[] = [];
  for await (const page of metricPages(registry, pageValues)) parts.push(...structuredClone(page.parts));
  return parts;
}

/** The registries of workers, numbered from 1. */
export async function sourcesOf(registries: readonly MetricRegistry[], pageValues?: number): Promise<MetricSource[]> {
  const parts = await Promise.all(registries.map((registry) => partsOf(registry, pageValues)));
  return parts.map((own, index) => ({ worker: `${index + 1}`, parts: own }));
}
