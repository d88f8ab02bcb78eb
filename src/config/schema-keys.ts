import type { ConfigPath } from './diagnostic.ts';
import { type JsonSchema, writtenSchema } from './json-schema.ts';

/** Answers questions about the keys of the configuration. */
export interface SchemaKeys {
  /** The keys that the map at this path may have; empty where they are free. */
  keysAt(path: ConfigPath): readonly string[];
  /** Paths of the maps that have this key, such as `server.http` or `routes[].call`. */
  mapsWith(key: string): readonly string[];
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
  return {
    keysAt: (path) => Object.keys(mapAt(root, path)?.properties ?? {}),
    mapsWith: (key) => maps.get(key) ?? [],
  };
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

function mapAt(root: JsonSchema, path: ConfigPath): JsonSchema | undefined {
  let schema: JsonSchema | undefined = root;
  for (const step of path) schema = schema === undefined ? undefined : child(schema, step);
  if (schema === undefined || schema.properties !== undefined) return schema;
  return schema.anyOf?.find((branch) => branch.properties !== undefined);
}

function child(schema: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') return schema.items;
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, step)) return schema.properties[step];
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
