import { type ConfigNode, keyPlaceAt, nodeAt, type SourcePlace } from './config-node.ts';
import { type ConfigPath, type Diagnostic, formatConfigPath } from './diagnostic.ts';
import { nearestName } from './nearest-name.ts';
import { excerptAt, positionAt } from './source-file.ts';

/** How a finding differs from an error at the value of its path. */
export interface ReportOptions {
  readonly severity?: 'error' | 'warning';
  readonly suggestion?: string | undefined;
  /** The key of the path is wrong, not its value. */
  readonly atKey?: boolean;
  /** Place inside the text of the value, from 0. */
  readonly offset?: number | undefined;
}

/** Turns findings at paths into diagnostics with places, and shows values without showing secrets. */
export interface Reporter {
  report(path: ConfigPath, message: string, options?: ReportOptions): void;
  /** The value for a message: a short text in quotes, a number, or `<from ${NAME}>` for a secret. */
  show(path: ConfigPath): string;
  /** The value came from `${…}` or belongs to a key that names a secret. */
  isSecret(path: ConfigPath): boolean;
  /** The nearest of the known names, for a value that is no secret; the number of searches is bounded. */
  nearest(path: ConfigPath, text: string, known: Iterable<string>): string | undefined;
  /** Where another value stands, for a message at `path`: its line, with the file if that is another one. */
  where(other: ConfigPath, path: ConfigPath): string;
  /** The value as written; undefined where there is none. */
  node(path: ConfigPath): ConfigNode | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Searches for a nearest name: thousands of wrong references must not make thousands times thousands comparisons. */
const MAX_SEARCHES = 200;

/** Longest text of a value in a message. */
const MAX_SHOWN = 60;

/** A reporter for the configuration under `root`. */
export function createReporter(root: ConfigNode): Reporter {
  const diagnostics: Diagnostic[] = [];
  let searches = 0;

  function report(path: ConfigPath, message: string, options: ReportOptions = {}): void {
    const place = placeOf(root, path, options);
    const { severity = 'error', suggestion } = options;
    diagnostics.push(diagnosticAt(place, severity, formatConfigPath(path), message, suggestion));
  }

  function isSecret(path: ConfigPath): boolean {
    const node = nodeAt(root, path);
    return node?.kind === 'scalar' && (node.variables.length > 0 || node.isHidden);
  }

  function nearest(path: ConfigPath, text: string, known: Iterable<string>): string | undefined {
    if (searches >= MAX_SEARCHES || isSecret(path)) return undefined;
    searches++;
    return nearestName(text, known);
  }

  function where(other: ConfigPath, path: ConfigPath): string {
    const place = keyPlaceAt(root, other) ?? nodeAt(root, other)?.place;
    if (place?.file === undefined) return formatConfigPath(other);
    const { line } = positionAt(place.file, place.offset);
    return nodeAt(root, path)?.place.file === place.file ? `line ${line}` : `${place.file.name}:${line}`;
  }

  return {
    report,
    show: (path) => showNode(nodeAt(root, path)),
    isSecret,
    nearest,
    where,
    node: (path) => nodeAt(root, path),
    diagnostics,
  };
}

/** A diagnostic at a place of a file. */
export function diagnosticAt(
  place: SourcePlace,
  severity: 'error' | 'warning',
  path: string,
  message: string,
  suggestion?: string,
): Diagnostic {
  const hint = suggestion === undefined ? {} : { suggestion };
  if (place.file === undefined) return { severity, file: '', line: 0, column: 0, path, message, ...hint };
  const excerpt = excerptAt(place.file, place.offset);
  return { severity, file: place.file.name, ...positionAt(place.file, place.offset), path, message, ...hint, excerpt };
}

/** A value for a message, never a secret. */
export function showNode(node: ConfigNode | undefined): string {
  if (node === undefined) return 'nothing';
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.variables.length > 0) return `<from ${node.variables.map((name) => `\${${name}}`).join(' ')}>`;
  const { value } = node;
  if (value === null || value === undefined) return 'nothing';
  if (node.isHidden) return 'a hidden value';
  if (typeof value !== 'string') return String(value).slice(0, MAX_SHOWN);
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
}

/** The place of a value or key, or of the nearest thing around it that exists. */
function placeOf(root: ConfigNode, path: ConfigPath, options: ReportOptions): SourcePlace {
  const node = nodeAt(root, path);
  if (node === undefined) return parentPlace(root, path);
  const key = options.atKey === true ? keyPlaceAt(root, path) : undefined;
  if (key !== undefined) return key;
  const { place } = node;
  if (options.offset === undefined || node.kind !== 'scalar' || node.textOffset === undefined) return place;
  return { file: place.file, offset: node.textOffset + options.offset };
}

/** What is missing is shown at the key of the map that should have it, or at the start of a list's item. */
function parentPlace(root: ConfigNode, path: ConfigPath): SourcePlace {
  for (let length = path.length - 1; length > 0; length--) {
    const parent = path.slice(0, length);
    const node = nodeAt(root, parent);
    if (node !== undefined) return keyPlaceAt(root, parent) ?? node.place;
  }
  return root.place;
}
