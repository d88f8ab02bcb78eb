import type { ConfigPath } from './diagnostic.ts';
import type { CallConfig, RouteConfig } from './schema.ts';

/** One of the calls that requests of a route can make. */
export interface RouteSide {
  /** Where the call stands below its route. */
  readonly path: ConfigPath;
  readonly call: CallConfig;
  /** As written, or else its number from 1; undefined for the one call of a route without `split`. */
  readonly name: string | undefined;
  /** Its part of the requests beside the other sides. */
  readonly weight: number;
}

/** The calls of which each request makes one, in their order; none where a route has neither `call` nor `split`. */
export function sidesOf({ call, split }: RouteConfig): readonly RouteSide[] {
  if (call !== undefined) return [{ path: ['call'], call, name: undefined, weight: 1 }];
  return (split ?? []).map((side, index) => ({
    path: ['split', index, 'call'],
    call: side.call,
    name: side.name ?? `${index + 1}`,
    weight: side.weight,
  }));
}

/** All calls of a route, its mirror included. */
export function callsOf(route: RouteConfig): readonly CallConfig[] {
  const calls = sidesOf(route).map(({ call }) => call);
  return route.mirror === undefined ? calls : [...calls, route.mirror.call];
}
