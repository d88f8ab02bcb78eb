import type { ConfigNode, MapEntry, MapNode, SourcePlace } from './config-node.ts';
import type { ConfigPath } from './diagnostic.ts';
import { positionAt } from './source-file.ts';

/** Something that two files both set. */
export interface MergeConflict {
  readonly path: ConfigPath;
  readonly place: SourcePlace;
  readonly message: string;
}

/**
 * Merges the files of a directory: maps deep, `routes` one after the other in the order of the files. One name under
 * `services` or `types`, and any other value, belongs to one file only; `$schema` is each file's own.
 */
export function mergeFiles(roots: readonly MapNode[], report: (conflict: MergeConflict) => void): MapNode {
  const [first, ...others] = roots;
  let merged = first!;
  for (const other of others) merged = mergeMaps(merged, other, [], report);
  return merged;
}

/** Sections whose entries are one thing each, never put together from two files. */
const WHOLE_ENTRIES: readonly string[] = ['services', 'types'];

function mergeMaps(
  left: MapNode,
  right: MapNode,
  path: ConfigPath,
  report: (conflict: MergeConflict) => void,
): MapNode {
  const entries = new Map(left.entries);
  for (const [key, entry] of right.entries) {
    const existing = entries.get(key);
    const isSchema = path.length === 0 && key === '$schema';
    if (existing === undefined) entries.set(key, entry);
    else if (!isSchema) entries.set(key, mergeEntry(existing, entry, [...path, key], report));
  }
  return { ...left, entries };
}

function mergeEntry(
  left: MapEntry,
  right: MapEntry,
  path: ConfigPath,
  report: (conflict: MergeConflict) => void,
): MapEntry {
  if (isNothing(right.node)) return left;
  if (isNothing(left.node)) return right;
  const isWhole = path.length === 2 && WHOLE_ENTRIES.includes(String(path[0]));
  if (left.node.kind === 'map' && right.node.kind === 'map' && !isWhole) {
    return { ...left, node: mergeMaps(left.node, right.node, path, report) };
  }
  const isRoutes = path.length === 1 && path[0] === 'routes';
  if (isRoutes && left.node.kind === 'list' && right.node.kind === 'list') {
    return { ...left, node: { ...left.node, items: [...left.node.items, ...right.node.items] } };
  }
  const { file, offset } = left.keyPlace;
  const { line, column } = positionAt(file!, offset);
  const message = `"${path.at(-1)}" is already set in ${file!.name}:${line}:${column}`;
  report({ path, place: right.keyPlace, message });
  return left;
}

function isNothing(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
