import type { ConfigPath } from './diagnostic.ts';
import { type JsonSchema, writtenSchema } from './json-schema.ts';

/** Answers questions about the keys of the configuration. */
export interface SchemaKeys {
  /** The keys that the map at this path may have; empty where they are free. */
  keysAt(path: ConfigPath): readonly string[];
  /** Paths of the maps that have this key, such as `server.http` or `routes[].call`. */
  mapsWith(key: string): readonly string[];
  /** Those of these maps that stand below the map at this path, one of each name; all of them where none does. */
  ownersNear(path: ConfigPath, key: string): readonly string[];
  /** What a value at this path may be, of several kinds the number; undefined where nothing is known of it. */
  schemaAt(path: ConfigPath): JsonSchema | undefined;
}

/** The one index of the schema's keys; built when first asked for, because only mistakes need it. */
export function schemaKeys(): SchemaKeys {
  index ??= createIndex(writtenSchema());
  return index;
}

let index: SchemaKeys | undefined;

function createIndex(root: JsonSchema): SchemaKeys {
  const maps = new Map<string, string[]>();
  collect(root, '', maps);

  function mapsWith(key: string): readonly string[] {
    return maps.get(key) ?? [];
  }

  function ownersNear(path: ConfigPath, key: string): readonly string[] {
    const prefix = `${patternOf(root, path)}.`;
    const below = mapsWith(key).filter((owner) => owner.startsWith(prefix));
    return below.length > 0 ? withoutCopies(below) : mapsWith(key);
  }

  return {
    keysAt: (path) => Object.keys(mapBranch(schemaOf(root, path))?.properties ?? {}),
    mapsWith,
    ownersNear,
    schemaAt: (path) => numberBranch(schemaOf(root, path)),
  };
}

/** Of maps of one name, such as the calls of a route, of its split and of its mirror, that nearest to the top. */
function withoutCopies(owners: readonly string[]): readonly string[] {
  const nearest = new Map<string, string>();
  for (const owner of owners) {
    const name = owner.slice(owner.lastIndexOf('.') + 1);
    const known = nearest.get(name);
    if (known === undefined || owner.length < known.length) nearest.set(name, owner);
  }
  return [...nearest.values()];
}

function collect(schema: JsonSchema, path: string, maps: Map<string, string[]>): void {
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    const owners = maps.get(key) ?? [];
    owners.push(path);
    maps.set(key, owners);
    collect(child, path === '' ? key : `${path}.${key}`, maps);
  }
  if (schema.items !== undefined) collect(schema.items, `${path}[]`, maps);
  if (typeof schema.additionalProperties === 'object') collect(schema.additionalProperties, `${path}.*`, maps);
  for (const branch of schema.anyOf ?? []) collect(branch, path, maps);
}

function schemaOf(root: JsonSchema, path: ConfigPath): JsonSchema | undefined {
  let schema: JsonSchema | undefined = root;
  for (const step of path) schema = schema === undefined ? undefined : child(schema, step);
  return schema;
}

/** The map that a value can be, also where it can be something else. */
function mapBranch(schema: JsonSchema | undefined): JsonSchema | undefined {
  if (schema === undefined || schema.anyOf === undefined) return schema;
  return schema.anyOf.find((branch) => branch.properties !== undefined);
}

function numberBranch(schema: JsonSchema | undefined): JsonSchema | undefined {
  return schema?.anyOf?.find(({ type }) => type === 'integer' || type === 'number') ?? schema;
}

function child(schema: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') return schema.items;
  const map = mapBranch(schema);
  if (map?.properties !== undefined && Object.hasOwn(map.properties, step)) return map.properties[step];
  return typeof map?.additionalProperties === 'object' ? map.additionalProperties : undefined;
}

/** A path as `collect` names it: `services.*.methods.*`. */
function patternOf(root: JsonSchema, path: ConfigPath): string {
  let schema: JsonSchema | undefined = root;
  let pattern = '';
  for (const step of path) {
    const isKnown = typeof step === 'string' && Object.hasOwn(mapBranch(schema)?.properties ?? {}, step);
    if (typeof step === 'number') pattern += '[]';
    else pattern += `${pattern === '' ? '' : '.'}${isKnown ? step : '*'}`;
    schema = schema === undefined ? undefined : child(schema, step);
  }
  return pattern;
}
