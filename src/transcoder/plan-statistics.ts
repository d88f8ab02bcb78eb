import type { ClassPlans } from './class-plan.ts';
import type { ShapeBudget } from './shape-budget.ts';

/** What a generation has learnt of the answers of its providers, at one moment. Bytes are about right. */
export interface PlanStatistics {
  /** Plans of class definitions, which all routes share. */
  readonly classes: {
    readonly entries: number;
    readonly maxEntries: number;
    readonly bytes: number;
    readonly maxBytes: number;
    /** Definitions that had a plan; those that stood where a route expected them are among them. */
    readonly hits: number;
    readonly misses: number;
    readonly evictions: number;
  };
  /** Keys of maps and places of class definitions, route by route. */
  readonly shapes: {
    /** Keys and class definitions that were learnt since the start. */
    readonly learnt: number;
    readonly bytes: number;
    readonly maxBytes: number;
    /** Times that something was not learnt for want of room. */
    readonly refused: number;
    /** Times that what was known of a route without calls was forgotten to make room. */
    readonly forgotten: number;
  };
}

export function planStatistics(plans: ClassPlans, budget: ShapeBudget): PlanStatistics {
  const { size, maxSize, bytes, maxBytes, hits, misses, evictions } = plans;
  return {
    classes: {
      entries: size,
      maxEntries: maxSize,
      bytes,
      maxBytes,
      hits: hits + budget.recognised,
      misses,
      evictions,
    },
    shapes: {
      learnt: budget.learnt,
      bytes: budget.bytes,
      maxBytes: budget.maxBytes,
      refused: budget.refused,
      forgotten: budget.forgotten,
    },
  };
}
