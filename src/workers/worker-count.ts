import { formatConfigPath } from '../config/diagnostic.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { workerLimits } from '../config/worker-limits.ts';

/** How many workers there will be. */
export interface WorkerCount {
  readonly count: number;
  /** The key of the configuration that allows no more, where there would be more otherwise. */
  readonly boundBy: string | undefined;
}

/** Most workers that `auto` starts; the most that may be configured. */
const MAX_WORKERS = 64;

/**
 * The number that is configured; of `auto` one for each processor, but no more than what all workers share is enough for.
 *
 * @param processors those that this process may use
 */
export function workerCount(config: GatewayConfig, processors: number): WorkerCount {
  const { workers } = config.server;
  if (workers !== 'auto') return { count: workers, boundBy: undefined };
  let count = Math.min(Math.max(1, processors), MAX_WORKERS);
  let boundBy: string | undefined;
  for (const { path, maxWorkers } of workerLimits(config)) {
    if (maxWorkers >= count) continue;
    count = Math.max(1, maxWorkers);
    boundBy = formatConfigPath(path);
  }
  return { count, boundBy };
}
