import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Who runs where: the server that is measured has a core of its own, provider and load share the rest. */
export interface CorePlan {
  /** Words to put before a command line; empty where processes cannot be pinned. */
  readonly server: readonly string[];
  readonly others: readonly string[];
  /** Cores that the others have together. */
  readonly otherCores: number;
  readonly description: string;
}

/** Plans with `taskset`, which Linux has; elsewhere, or on one core, nothing is pinned and the description says so. */
export function planCores(): CorePlan {
  const cores = availableParallelism();
  const pinned = cores > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  if (!pinned) {
    const reason = cores > 1 ? 'there is no taskset' : 'there is one core only';
    return { server: [], others: [], otherCores: cores, description: `nothing is pinned: ${reason}` };
  }
  const rest = cores === 2 ? '1' : `1-${cores - 1}`;
  return {
    server: ['taskset', '-c', '0'],
    others: ['taskset', '-c', rest],
    otherCores: cores - 1,
    description: `server on core 0, provider and load on core ${rest}`,
  };
}
