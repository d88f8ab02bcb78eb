import type { PagedMethod } from '../../admin/method-page.ts';
import type { Steps } from '../../time/run-in-slices.ts';
import type { MethodIndex } from '../worker-requests.ts';

/** Keys that are looked at between two chances for a turn of the event loop: well below a millisecond. */
const KEYS_PER_STEP = 500;

/**
 * All methods that any worker remembers: in quarantine where one has it so, pinned likewise. Of those in the same state
 * the first worker's come first, in the order of their first calls there.
 */
export function* mergeMethodIndexes(indexes: readonly MethodIndex[]): Steps<PagedMethod[]> {
  const found = new Map<string, PagedMethod>();
  let left = KEYS_PER_STEP;
  for (const list of ['quarantined', 'pinned', 'others'] as const) {
    const state = list === 'quarantined' ? 'quarantined' : 'healthy';
    for (const index of indexes) {
      for (const key of index[list]) {
        if (!found.has(key)) found.set(key, { key, state, isPinned: list === 'pinned' });
        if (--left > 0) continue;
        left = KEYS_PER_STEP;
        yield;
      }
    }
  }
  return [...found.values()];
}
