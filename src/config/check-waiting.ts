import type { Shape } from './check-shape.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';

/** A bounded wait: of admission, or of a pool. */
interface Waiting {
  readonly maxWaitMs: number;
  /** Undefined: not written, and above 0. */
  readonly maxQueue?: number | undefined;
}

/** Warns of half a wait: a time without a queue, or a queue without a time. The defaults of either are no reason to. */
export function checkWaiting(
  waiting: Waiting,
  path: ConfigPath,
  shape: Pick<Shape, 'isKnown'>,
  reporter: Reporter,
): void {
  const time = [...path, 'maxWaitMs'];
  const queue = [...path, 'maxQueue'];
  if (!shape.isKnown(time) || !shape.isKnown(queue)) return;
  const { maxWaitMs, maxQueue } = waiting;
  if (maxWaitMs === 0 && maxQueue !== 0 && reporter.node(queue) !== undefined) {
    const message = 'maxQueue has no effect: while maxWaitMs is 0 nothing waits';
    reporter.report(queue, message, { severity: 'warning' });
  }
  if (maxWaitMs > 0 && maxQueue === 0 && reporter.node(time) !== undefined) {
    const message = 'maxWaitMs has no effect: while maxQueue is 0 nothing waits';
    reporter.report(time, message, { severity: 'warning' });
  }
}
