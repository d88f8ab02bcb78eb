import type { ConfigPath } from './diagnostic.ts';
import type { SourceFile } from './source-file.ts';

/** Where a node or key was written. Undefined file: the configuration is an object without places. */
export interface SourcePlace {
  readonly file: SourceFile | undefined;
  /** From 0. */
  readonly offset: number;
}

/**
 * A configuration as written, with the place of every key and value, after `${…}` was resolved. Both YAML and plain
 * objects become this, so that everything behind it exists once.
 */
export type ConfigNode = ScalarNode | MapNode | ListNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly place: SourcePlace;
  /** Undefined: not set, because `${…}` gave nothing, or unknown, because it could not be resolved. */
  readonly value: unknown;
  /** What was written between `${` and `}`, names only. Not empty: the value is a secret and is never shown. */
  readonly variables: readonly string[];
  /** Resolving failed and was reported; nothing more is said about this value. */
  readonly unresolved: boolean;
  /** The value of a key that names a secret, written in clear. */
  readonly isHidden: boolean;
  /** Where the value's text starts in the file, if it stands there letter by letter. */
  readonly textOffset: number | undefined;
}

export interface MapNode {
  readonly kind: 'map';
  readonly place: SourcePlace;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  readonly keyPlace: SourcePlace;
  readonly node: ConfigNode;
}

export interface ListNode {
  readonly kind: 'list';
  readonly place: SourcePlace;
  readonly items: readonly ConfigNode[];
}

/** The plain value of a node. Keys are own properties whatever their name; what is not set is left out. */
export function nodeValue(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map((item) => nodeValue(item) ?? null);
  const value: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) {
    const item = nodeValue(entry.node);
    if (item !== undefined) setOwn(value, key, item);
  }
  return value;
}

/** The node at a path; undefined where there is none. */
export function nodeAt(root: ConfigNode, path: ConfigPath): ConfigNode | undefined {
  let node: ConfigNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step))?.node;
    else if (node?.kind === 'list' && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return node;
}

/** The place of the key that a path ends with; undefined where its parent is no map or lacks it. */
export function keyPlaceAt(root: ConfigNode, path: ConfigPath): SourcePlace | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  return parent?.kind === 'map' ? parent.entries.get(String(path.at(-1)))?.keyPlace : undefined;
}

/**
 * A node of a plain object, without places. Values that JSON does not have become text, so that they are refused by
 * type. `depth` is bounded; deeper values are left out.
 */
export function nodeOfValue(value: unknown, depth = 0): ConfigNode {
  const place: SourcePlace = { file: undefined, offset: 0 };
  if (Array.isArray(value) && depth < MAX_DEPTH) {
    return { kind: 'list', place, items: value.map((item) => nodeOfValue(item, depth + 1)) };
  }
  if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
    const entries = Object.entries(value).map(([key, item]): [string, MapEntry] => [
      key,
      { keyPlace: place, node: nodeOfValue(item, depth + 1) },
    ]);
    return { kind: 'map', place, entries: new Map(entries) };
  }
  const scalar = typeof value === 'object' && value !== null ? undefined : value;
  return {
    kind: 'scalar',
    place,
    value: scalar,
    variables: [],
    unresolved: false,
    isHidden: false,
    textOffset: undefined,
  };
}

/** Nesting of a configuration; deeper is an error in a file. */
export const MAX_DEPTH = 100;

function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
