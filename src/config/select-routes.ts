import type { Diagnostic } from './diagnostic.ts';
import { nearestName } from './nearest-name.ts';
import { callsOf } from './route-calls.ts';
import type { GatewayConfig, RouteConfig } from './schema.ts';

/** Which routes of a shared configuration a gateway serves, by their tags. */
export interface RouteSelection {
  /** Only routes with one of these; empty: all. */
  readonly only: readonly string[];
  /** And of them none that has one of these. */
  readonly except: readonly string[];
}

/** The part of a configuration that was selected. */
export interface SelectedRoutes {
  /** Undefined when there is an error. */
  readonly config: GatewayConfig | undefined;
  /** As `LoadResult.secretPaths`, for the routes that are left. */
  readonly secretPaths: readonly string[];
  /** A tag that no route has, or that nothing is left. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Serves all that is configured. */
export const ALL_ROUTES: RouteSelection = { only: [], except: [] };

/**
 * The routes of a selection, and the services that they call. Tags that no route has are errors: a letter too much must
 * neither bring routes to a gateway nor take them from it.
 */
export function selectRoutes(
  config: GatewayConfig,
  secretPaths: readonly string[],
  selection: RouteSelection,
): SelectedRoutes {
  const { only, except } = selection;
  if (only.length + except.length === 0) return { config, secretPaths, diagnostics: [] };
  const known = new Set(config.routes.flatMap(({ tags }) => tags));
  const unknown = [...unknownTags('only', only, known), ...unknownTags('except', except, known)];
  if (unknown.length > 0) return { config: undefined, secretPaths, diagnostics: unknown };
  const routes: RouteConfig[] = [];
  const places = new Map<number, number>();
  for (const [index, route] of config.routes.entries()) {
    if (!isSelected(route, selection)) continue;
    places.set(index, routes.length);
    routes.push(route);
  }
  if (routes.length === 0) {
    return { config: undefined, secretPaths, diagnostics: [error('no route is left of what is asked for by tag')] };
  }
  const called = new Set(routes.flatMap((route) => callsOf(route).map(({ service }) => service)));
  const services = Object.fromEntries(Object.entries(config.services).filter(([name]) => called.has(name)));
  return {
    config: { ...config, services, routes },
    secretPaths: secretPaths.flatMap((path) => movedPath(path, places)),
    diagnostics: [],
  };
}

function isSelected({ tags }: RouteConfig, { only, except }: RouteSelection): boolean {
  return (only.length === 0 || tags.some((tag) => only.includes(tag))) && !tags.some((tag) => except.includes(tag));
}

function unknownTags(option: string, tags: readonly string[], known: ReadonlySet<string>): Diagnostic[] {
  return tags
    .filter((tag) => !known.has(tag))
    .map((tag) => error(`${option}: no route has the tag ${JSON.stringify(tag)}`, nearestName(tag, known)));
}

function error(message: string, suggestion?: string): Diagnostic {
  const found = { severity: 'error', file: '', line: 0, column: 0, path: '', message } as const;
  return suggestion === undefined ? found : { ...found, suggestion };
}

const ROUTE_PATH = /^routes\[(\d+)\]/;

/** The path of a value after its route has moved up the list; none where that is not served. */
function movedPath(path: string, places: ReadonlyMap<number, number>): readonly string[] {
  const index = ROUTE_PATH.exec(path)?.[1];
  if (index === undefined) return [path];
  const place = places.get(Number(index));
  return place === undefined ? [] : [path.replace(ROUTE_PATH, `routes[${place}]`)];
}
