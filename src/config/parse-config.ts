import { checkNode, checkWritten } from './check-config.ts';
import { type ConfigNode, type MapNode, nodeAt } from './config-node.ts';
import { type ConfigPath, type Diagnostic, formatConfigPath } from './diagnostic.ts';
import type { VariableSource } from './interpolate.ts';
import { mergeFiles } from './merge-files.ts';
import { readYaml } from './read-yaml.ts';
import { diagnosticAt, showNode } from './reporter.ts';
import type { GatewayConfig } from './schema.ts';
import { createSourceFile, positionAt } from './source-file.ts';
import { parseValuePath } from './value-path.ts';

/** A configuration that was read, and everything that was found on the way. */
export interface LoadResult {
  /** Undefined when there is an error. */
  readonly config: GatewayConfig | undefined;
  /** Errors and warnings, sorted by file and place. */
  readonly diagnostics: readonly Diagnostic[];
  /** The files that were read, as they are named in the diagnostics. */
  readonly files: readonly string[];
  /** Paths of the values that came from `${…}`, or would where it is known; `maskSecrets` takes them. */
  readonly secretPaths: readonly string[];
  /** A finding of a later stage, which knows only its path, with its place in the files. */
  locate(found: Diagnostic): Diagnostic;
}

/** The text of one file of the configuration. */
export interface ConfigText {
  readonly name: string;
  readonly text: string;
}

/** Reads a configuration from one YAML text. `${file:…}` is refused, because this function reads no files. */
export function parseConfig(
  text: string,
  fileName: string,
  environment: Readonly<Record<string, string | undefined>>,
): LoadResult {
  const readFile = (): string => {
    throw new Error('files are not read here');
  };
  return parseFiles([{ name: fileName, text }], { environment, readFile });
}

/** Reads a configuration from the texts of its files, in the order in which they are merged. */
export function parseFiles(texts: readonly ConfigText[], variables: VariableSource): LoadResult {
  const diagnostics: Diagnostic[] = [];
  const roots: MapNode[] = [];
  let readable = true;
  for (const { name, text } of texts) {
    const file = createSourceFile(name, text);
    const { root, brokenFrom } = readYaml(file, variables, ({ severity, offset, message }) => {
      diagnostics.push(diagnosticAt({ file, offset }, severity, '', message));
    });
    readable &&= brokenFrom === undefined;
    if (root === undefined) continue;
    if (brokenFrom !== undefined) append(diagnostics, findingsBefore(root, positionAt(file, brokenFrom).line));
    else if (root.kind === 'map') roots.push(root);
    else diagnostics.push(diagnosticAt(root.place, 'error', '', `expected a map of sections, found ${showNode(root)}`));
  }
  const files = texts.map(({ name }) => name);
  const merged = mergeFiles(roots.length === 0 ? [EMPTY] : roots, ({ path, place, message }) => {
    diagnostics.push(diagnosticAt(place, 'error', formatConfigPath(path), message));
  });
  if (!readable)
    return { config: undefined, diagnostics: sorted(diagnostics), files, secretPaths: [], locate: (found) => found };
  const checked = checkNode(merged);
  append(diagnostics, checked.diagnostics);
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return {
    config: failed ? undefined : checked.config,
    diagnostics: sorted(diagnostics),
    files,
    secretPaths: secretPaths(merged, [], []),
    locate: (found) => locate(found, merged),
  };
}

const EMPTY: MapNode = { kind: 'map', place: { file: undefined, offset: 0 }, entries: new Map() };

/**
 * Behind a mistake of syntax things are misread, and what seems to be missing may only be there. What is wrong with keys
 * and values before it is still worth telling.
 */
function findingsBefore(root: ConfigNode, line: number): readonly Diagnostic[] {
  return checkWritten(root).filter((found) => found.line < line);
}

/** Appends the paths of all values that came from `${…}`, or would where it is known. */
function secretPaths(node: ConfigNode, path: ConfigPath, found: string[]): string[] {
  if (node.kind === 'scalar') {
    if (node.variables.length > 0 || node.unresolved) found.push(formatConfigPath(path));
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) secretPaths(item, [...path, index], found);
  } else {
    for (const [key, entry] of node.entries) secretPaths(entry.node, [...path, key], found);
  }
  return found;
}

/** Unlike `push` with many arguments this holds for any number: a text can be wrong in a hundred thousand places. */
function append(diagnostics: Diagnostic[], further: readonly Diagnostic[]): void {
  for (const found of further) diagnostics.push(found);
}

function locate(found: Diagnostic, root: ConfigNode): Diagnostic {
  const node = nodeAt(root, found.path === '' ? [] : parseValuePath(`.${found.path}`, 0)) ?? root;
  const isSecret = node !== root && secretPaths(node, [], []).length > 0;
  const message = isSecret ? 'what comes from a variable here cannot be sent as its Java type' : found.message;
  return diagnosticAt(node.place, found.severity, found.path, message, found.suggestion);
}

/** By file in the order of reading, then line and column; errors of whole files come first. */
function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted(
    (left, right) =>
      (left.file < right.file ? -1 : left.file > right.file ? 1 : 0) ||
      left.line - right.line ||
      left.column - right.column,
  );
}
