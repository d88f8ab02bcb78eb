import type { MethodHealth } from '../bulkhead/method-health.ts';
import type { MethodState } from '../bulkhead/method-transition.ts';

/** Which methods a status shows. */
export interface MethodPageQuery {
  /** Only methods in this state; default: all. */
  readonly state?: MethodState | undefined;
  readonly limit: number;
  /** Only what comes behind the method with this key; default: from the first. */
  readonly after?: string | undefined;
}

/** A part of all methods. */
export interface MethodPage {
  readonly methods: readonly MethodHealth[];
  /** Methods in the state that was asked for, on all pages. */
  readonly total: number;
  /** The key after which the next page begins; undefined on the last one. */
  readonly nextAfter: string | undefined;
}

/**
 * One page of the methods: those in quarantine first, then the pinned ones, then the others, so that what needs to be
 * seen is on the first. Undefined where no method has the key `after`. The order follows the states, so that a method
 * whose state changes between two pages may be seen twice or not at all.
 */
export function methodPage(
  methods: Iterable<MethodHealth>,
  { state, limit, after }: MethodPageQuery,
): MethodPage | undefined {
  const quarantined: MethodHealth[] = [];
  const pinned: MethodHealth[] = [];
  const others: MethodHealth[] = [];
  for (const method of methods) {
    if (state !== undefined && method.state !== state) continue;
    if (method.state === 'quarantined') quarantined.push(method);
    else if (method.isPinned) pinned.push(method);
    else others.push(method);
  }
  const ordered = [...quarantined, ...pinned, ...others];
  const start = after === undefined ? 0 : ordered.findIndex(({ key }) => key === after) + 1;
  if (start === 0 && after !== undefined) return undefined;
  const end = start + limit;
  const nextAfter = end < ordered.length ? ordered[end - 1]!.key : undefined;
  return { methods: ordered.slice(start, end), total: ordered.length, nextAfter };
}
