import type { Shape } from './check-shape.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import { type WorkerLimit, workerLimits } from './worker-limits.ts';
import { byteText, firstWritten, placedFigureText } from './written-figure.ts';

const WORKERS: ConfigPath = ['server', 'workers'];

/**
 * Checks that what all workers share is enough for a share of each. Where the number of workers is `auto`, there are only
 * as many as it is enough for.
 */
export function checkWorkers(shape: Shape, reporter: Reporter): void {
  const workers = shape.server?.workers;
  if (workers === undefined || workers === 'auto' || !shape.isKnown(WORKERS)) return;
  for (const limit of workerLimits(shape)) {
    const paths = limit.need === undefined ? [limit.path] : [limit.path, limit.need.path];
    if (workers <= limit.maxWorkers || !paths.every((path) => shape.isKnown(path))) continue;
    // What does not even fit into the whole is told where the whole is checked.
    if (limit.maxWorkers === 0) continue;
    reporter.report(firstWritten([...paths, WORKERS], reporter), messageOf(limit, workers, reporter));
  }
}

function messageOf({ path, value, need, maxWorkers }: WorkerLimit, workers: number, reporter: Reporter): string {
  const many = placedFigureText(WORKERS, workers, reporter);
  if (need === undefined) {
    return `${placedFigureText(path, value, reporter)} is less than ${many}, which share it: give each worker one at least`;
  }
  const whole = placedFigureText(path, byteText(value), reporter);
  const part = placedFigureText(need.path, byteText(need.bytes), reporter);
  return `the share of a worker of ${whole} is less than ${part}; it is enough for ${maxWorkers} workers, and ${many} is more`;
}
