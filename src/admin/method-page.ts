import type { MethodState } from '../bulkhead/method-transition.ts';
import { GatewayError } from '../errors/gateway-error.ts';

/** Which methods a status shows. */
export interface MethodPageQuery {
  /** Only methods in this state; default: all. */
  readonly state?: MethodState | undefined;
  readonly limit: number;
  /** Only what comes behind the method with this key; default: from the first. */
  readonly after?: string | undefined;
}

/** What the place of a method is made of. */
export interface PagedMethod {
  readonly key: string;
  readonly state: MethodState;
  readonly isPinned: boolean;
}

/** A part of all methods. */
export interface MethodPage<Method extends PagedMethod> {
  readonly methods: readonly Method[];
  /** Methods in the state that was asked for, on all pages. */
  readonly total: number;
  /** The key after which the next page begins; null on the last one. */
  readonly nextAfter: string | null;
}

/**
 * One page of the methods: those in quarantine first, then the pinned ones, then the others, so that what needs to be
 * seen is on the first. The order follows the states, so that a method whose state changes between two pages may be seen
 * twice or not at all.
 *
 * @throws GatewayError REQUEST_INVALID where no method has the key `after`
 */
export function methodPage<Method extends PagedMethod>(
  methods: Iterable<Method>,
  { state, limit, after }: MethodPageQuery,
): MethodPage<Method> {
  const quarantined: Method[] = [];
  const pinned: Method[] = [];
  const others: Method[] = [];
  for (const method of methods) {
    if (state !== undefined && method.state !== state) continue;
    if (method.state === 'quarantined') quarantined.push(method);
    else if (method.isPinned) pinned.push(method);
    else others.push(method);
  }
  const ordered = [...quarantined, ...pinned, ...others];
  const start = after === undefined ? 0 : ordered.findIndex(({ key }) => key === after) + 1;
  if (start === 0 && after !== undefined) throw methodIsGone();
  const end = start + limit;
  const nextAfter = end < ordered.length ? ordered[end - 1]!.key : null;
  return { methods: ordered.slice(start, end), total: ordered.length, nextAfter };
}

function methodIsGone(): GatewayError {
  const detail = 'query.after: no such method is known any more; begin with the first page.';
  return new GatewayError('REQUEST_INVALID', detail, { extensions: { path: 'query.after' } });
}
