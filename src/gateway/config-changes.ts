import { isDeepStrictEqual } from 'node:util';
import type { GatewayConfig } from '../config/schema.ts';
import type { Steps } from '../time/run-in-slices.ts';

/** Names of what a new configuration adds, takes away and changes. */
export interface NamedChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** What differs between two configurations. */
export interface ConfigChanges {
  /** By id. */
  readonly routes: NamedChanges;
  readonly services: NamedChanges;
  /** Other sections that differ, such as `bulkhead`. */
  readonly sections: readonly string[];
  /** Keys whose new values hold only after a restart, such as `server.http.port`. */
  readonly restartRequired: readonly string[];
}

const NOTHING: NamedChanges = { added: [], removed: [], changed: [] };

/** What differs between equal configurations. */
export const NO_CHANGES: ConfigChanges = { routes: NOTHING, services: NOTHING, sections: [], restartRequired: [] };

/** What is taken when the process starts: processes, open ports, and the room that a parser has for headers. */
const FIXED_KEYS = [
  ['server', 'workers'],
  ['server', 'http'],
  ['server', 'admin'],
  ['server', 'limits', 'maxHeaderBytes'],
  ['server', 'limits', 'maxUrlBytes'],
] as const;

/**
 * What differs in `after`, a name at a step.
 *
 * @param isEqual says whether two values are the same; default: in all they hold
 */
export function* configChangesSteps(
  before: GatewayConfig,
  after: GatewayConfig,
  isEqual: (before: unknown, after: unknown) => boolean = isDeepStrictEqual,
): Steps<ConfigChanges> {
  const sections = Object.keys(after).filter(
    (key) => key !== 'routes' && key !== 'services',
  ) as (keyof GatewayConfig)[];
  return {
    routes: yield* namedChanges(routesById(before), routesById(after), isEqual),
    services: yield* namedChanges(servicesByName(before), servicesByName(after), isEqual),
    sections: sections.filter((key) => !isEqual(before[key], after[key])),
    restartRequired: FIXED_KEYS.flatMap((path) =>
      differences(at(before, path), at(after, path), path.join('.'), isEqual),
    ),
  };
}

/** Whether nothing differs. */
export function isUnchanged({ routes, services, sections }: ConfigChanges): boolean {
  return sections.length === 0 && isNothing(routes) && isNothing(services);
}

function isNothing({ added, removed, changed }: NamedChanges): boolean {
  return added.length + removed.length + changed.length === 0;
}

function routesById({ routes }: GatewayConfig): Map<string, unknown> {
  return new Map(routes.map((route) => [route.id, route]));
}

function servicesByName({ services }: GatewayConfig): Map<string, unknown> {
  return new Map(Object.entries(services));
}

function* namedChanges(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
  isEqual: (before: unknown, after: unknown) => boolean,
): Steps<NamedChanges> {
  const added: string[] = [];
  const changed: string[] = [];
  for (const [name, value] of after) {
    if (!before.has(name)) added.push(name);
    else if (!isEqual(before.get(name), value)) changed.push(name);
    yield;
  }
  return { added, removed: [...before.keys()].filter((name) => !after.has(name)), changed };
}

function at(config: GatewayConfig, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], config);
}

/** The innermost keys that differ. */
function differences(
  before: unknown,
  after: unknown,
  path: string,
  isEqual: (before: unknown, after: unknown) => boolean,
): string[] {
  if (isEqual(before, after)) return [];
  if (!isMap(before) || !isMap(after)) return [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(before[key], after[key], `${path}.${key}`, isEqual));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
