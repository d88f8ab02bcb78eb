import { MergedFamily, type SourcedPart } from './merged-family.ts';
import type { MetricDefinition } from './metric-definition.ts';
import type { MetricPart } from './metric-page.ts';
import type { RenderedFamily } from './render-metrics.ts';

/** All metrics of one process, as they were last read. */
export interface MetricSource {
  /** What the label `worker` of the process is, where processes are kept apart. */
  readonly worker: string;
  readonly parts: readonly MetricPart[];
}

/**
 * The metrics of several processes as those of one, in the order of the first process. Where processes disagree about the
 * buckets of a histogram, those of the first one count: two versions of the program are not mixed.
 */
export function mergedMetrics(
  sources: readonly MetricSource[],
  pause?: () => Promise<void>,
): { readonly families: readonly RenderedFamily[] } {
  const found = new Map<string, { readonly definition: MetricDefinition; readonly parts: SourcedPart[] }>();
  for (const { worker, parts } of sources) {
    for (const part of parts) {
      const { definition } = part;
      const family = found.get(definition.name);
      if (family === undefined) found.set(definition.name, { definition, parts: [{ worker, part }] });
      else if (fits(definition, family.definition)) family.parts.push({ worker, part });
    }
  }
  return { families: [...found.values()].map(({ definition, parts }) => new MergedFamily(definition, parts, pause)) };
}

function fits(one: MetricDefinition, other: MetricDefinition): boolean {
  return one.kind === other.kind && one.buckets?.join() === other.buckets?.join();
}
