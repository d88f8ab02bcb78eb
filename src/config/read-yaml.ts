import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type ConfigNode, MAX_DEPTH, type MapEntry, type ScalarNode, type SourcePlace } from './config-node.ts';
import { interpolate, type VariableSource } from './interpolate.ts';
import { maskInterpolations, unmaskInterpolations } from './interpolation-mask.ts';
import { parseYaml } from './parse-yaml.ts';
import type { SourceFile } from './source-file.ts';
import { isOpenQuote, syntaxMessage } from './yaml-messages.ts';

/** A mistake in the text of one file. */
export interface YamlProblem {
  readonly severity: 'error' | 'warning';
  readonly offset: number;
  readonly message: string;
}

/** What a file holds. */
export interface YamlContent {
  /** Undefined for an empty file or one that has no structure at all. */
  readonly root: ConfigNode | undefined;
  /** Where the first mistake of syntax is; what follows it may have been misread. Undefined: the syntax is right. */
  readonly brokenFrom: number | undefined;
}

/**
 * Reads the YAML of one file with the place of every key and value, and resolves `${…}` in its values. Everything that
 * is wrong is reported; the rest is still read. Aliases may expand to a bounded number of values only.
 */
export function readYaml(
  file: SourceFile,
  variables: VariableSource,
  report: (problem: YamlProblem) => void,
): YamlContent {
  const masked = maskInterpolations(file.text);
  const unmask = masked === file.text ? (text: string): string => text : unmaskInterpolations;
  const parsed = parseYaml(masked, file.lines);
  if (typeof parsed === 'number') {
    report({ severity: 'error', offset: parsed, message: 'maps and lists nest too deep to be read' });
    return { root: undefined, brokenFrom: parsed };
  }
  const { document, secondDocument } = parsed;
  let brokenFrom = reportSyntax(file, document, report);
  if (secondDocument !== undefined) {
    const message = 'a file holds one document; "---" starts a second one';
    report({ severity: 'error', offset: secondDocument, message });
    brokenFrom = Math.min(brokenFrom ?? secondDocument, secondDocument);
  }
  for (const warning of document.warnings) {
    report({ severity: 'warning', offset: warning.pos[0], message: syntaxMessage(warning, file.text) });
  }
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return { root: undefined, brokenFrom };
  return { root: createConverter(file, document, unmask, variables, report)(contents, 0).node, brokenFrom };
}

/** Reports one mistake for each line, as the others follow from it. Returns where the first one is. */
function reportSyntax(
  file: SourceFile,
  document: Document.Parsed,
  report: (problem: YamlProblem) => void,
): number | undefined {
  let brokenFrom: number | undefined;
  let lastLine = 0;
  for (const error of document.errors) {
    const openQuote = isOpenQuote(error) ? lastQuoteStart(document) : undefined;
    const offset = openQuote ?? error.pos[0];
    const { line } = file.lines.linePos(offset);
    if (line !== lastLine) report({ severity: 'error', offset, message: syntaxMessage(error, file.text) });
    lastLine = line;
    brokenFrom = Math.min(brokenFrom ?? offset, offset);
    if (openQuote !== undefined) break;
  }
  return brokenFrom;
}

/** A quote that is never closed takes all that follows, so it is the last one. */
function lastQuoteStart(document: Document.Parsed): number | undefined {
  let start: number | undefined;
  visit(document, {
    Scalar: (_, node) => {
      if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') start = node.range?.[0] ?? start;
    },
  });
  return start;
}

/** Values that the aliases of a file may expand to. */
const MAX_VALUES = 1_000_000;

/** A node and the number of values it expands to when every alias is written out. */
interface Sized {
  readonly node: ConfigNode;
  readonly size: number;
}

/** Keys whose value is never shown, even where it is written in clear. */
const SECRET_KEY = /^(token|password|secret)$/i;

/** Sections whose keys are names of the user's own, so that one called `token` is no secret. */
const FREE_SECTIONS: readonly string[] = ['types', 'methods', 'match', 'args', 'attachments', 'errors'];

function createConverter(
  file: SourceFile,
  document: Document.Parsed,
  unmask: (text: string) => string,
  variables: VariableSource,
  report: (problem: YamlProblem) => void,
): (node: ParsedNode | null, depth: number, free?: boolean) => Sized {
  const anchors = new Map<string, Sized>();

  function convert(node: ParsedNode | null, depth: number, free = false): Sized {
    if (node === null) return { node: unresolvedScalar({ file, offset: 0 }), size: 1 };
    const place = { file, offset: node.range[0] };
    if (isAlias(node)) return resolveAlias(node, place);
    const converted = depth > MAX_DEPTH ? tooDeep(place) : convertContent(node, place, depth, free);
    if (node.anchor !== undefined) anchors.set(node.anchor, converted);
    return converted;
  }

  function convertContent(
    node: Exclude<ParsedNode, Alias.Parsed>,
    place: SourcePlace,
    depth: number,
    free: boolean,
  ): Sized {
    if (isMap(node)) return convertMap(node as YAMLMap.Parsed, place, depth, free);
    if (isSeq(node)) return convertList(node as YAMLSeq.Parsed, place, depth, free);
    return { node: convertScalar(node as Scalar.Parsed, place), size: 1 };
  }

  function convertMap(map: YAMLMap.Parsed, place: SourcePlace, depth: number, free: boolean): Sized {
    const entries = new Map<string, MapEntry>();
    let size = 1;
    for (const pair of map.items as Pair<ParsedNode, ParsedNode | null>[]) {
      const keyPlace = { file, offset: pair.key?.range[0] ?? place.offset };
      const rawKey = keyText(pair.key);
      const key = rawKey === undefined ? undefined : unmask(rawKey);
      const isFree = free || (key !== undefined && FREE_SECTIONS.includes(key));
      const value = pair.value === null ? { node: nothing(keyPlace), size: 1 } : convert(pair.value, depth + 1, isFree);
      size += value.size;
      const first = key === undefined ? undefined : entries.get(key);
      if (key === undefined) error(keyPlace.offset, 'expected a plain key followed by ":"');
      else if (key === '<<') error(keyPlace.offset, 'merge keys ("<<") are not supported; write the keys out');
      else if (first !== undefined) {
        const { line } = file.lines.linePos(first.keyPlace.offset);
        error(keyPlace.offset, `key ${JSON.stringify(key)} is there twice, first in line ${line}`);
      } else entries.set(key, { keyPlace, node: !free && SECRET_KEY.test(key) ? hide(value.node, pair) : value.node });
    }
    return bounded({ node: { kind: 'map', place, entries }, size });
  }

  /** Masks a secret that is written in clear, in messages and in shown lines. */
  function hide(node: ConfigNode, pair: Pair<ParsedNode, ParsedNode | null>): ConfigNode {
    if (pair.value !== null) file.secretRanges.push([pair.value.range[0], pair.value.range[1]]);
    return node.kind === 'scalar' ? { ...node, isHidden: true } : node;
  }

  function convertList(list: YAMLSeq.Parsed, place: SourcePlace, depth: number, free: boolean): Sized {
    const items: ConfigNode[] = [];
    let size = 1;
    for (const item of list.items) {
      const converted = convert(item as ParsedNode, depth + 1, free);
      items.push(converted.node);
      size += converted.size;
    }
    return bounded({ node: { kind: 'list', place, items }, size });
  }

  function convertScalar(node: Scalar.Parsed, place: SourcePlace): ScalarNode {
    const written = unmask(typeof node.source === 'string' ? node.source : String(node.value ?? ''));
    const textOffset = textStart(file.text, node, written);
    if (!written.includes('${')) {
      if (typeof node.value === 'number' && isRounded(node.value, written)) {
        error(place.offset, 'a number this long would be rounded: write it in quotes');
        return { ...unresolvedScalar(place), textOffset };
      }
      return {
        kind: 'scalar',
        place,
        value: node.value,
        variables: [],
        unresolved: false,
        isHidden: false,
        textOffset,
      };
    }
    const resolved = interpolate(written, variables, ({ severity, offset, message }) => {
      report({ severity, offset: textOffset === undefined ? place.offset : textOffset + offset, message });
    });
    if (resolved === undefined) return unresolvedScalar(place);
    const value = node.type === 'PLAIN' ? retype(resolved.text) : resolved.text;
    return {
      kind: 'scalar',
      place,
      value,
      variables: resolved.variables,
      unresolved: false,
      isHidden: false,
      textOffset: undefined,
    };
  }

  /** The value a plain scalar with this text has; nothing at all counts as not set. */
  function retype(text: string): unknown {
    if (text === '') return undefined;
    for (const tag of document.schema.tags) {
      if (tag.default !== true || tag.collection !== undefined || tag.test?.test(text) !== true) continue;
      const value: unknown = tag.resolve?.(text, () => {}, {});
      if (typeof value === 'number' && isRounded(value, text)) return text;
      return isScalar(value) ? value.value : value;
    }
    return text;
  }

  function resolveAlias(alias: Alias.Parsed, place: SourcePlace): Sized {
    const target = anchors.get(alias.source);
    if (target !== undefined) return target;
    if (document.errors.length === 0) error(place.offset, `alias *${alias.source} has no anchor before it`);
    return { node: unresolvedScalar(place), size: 1 };
  }

  function bounded(sized: Sized): Sized {
    if (sized.size <= MAX_VALUES) return sized;
    error(sized.node.place.offset, `aliases expand to more than ${MAX_VALUES.toLocaleString('en')} values`);
    return { node: unresolvedScalar(sized.node.place), size: 1 };
  }

  function tooDeep(place: SourcePlace): Sized {
    error(place.offset, `maps and lists nest at most ${MAX_DEPTH} deep`);
    return { node: unresolvedScalar(place), size: 1 };
  }

  function error(offset: number, message: string): void {
    report({ severity: 'error', offset, message });
  }

  return convert;
}

function unresolvedScalar(place: SourcePlace): ScalarNode {
  return {
    kind: 'scalar',
    place,
    value: undefined,
    variables: [],
    unresolved: true,
    isHidden: false,
    textOffset: undefined,
  };
}

function nothing(place: SourcePlace): ScalarNode {
  return {
    kind: 'scalar',
    place,
    value: null,
    variables: [],
    unresolved: false,
    isHidden: false,
    textOffset: undefined,
  };
}

function keyText(key: ParsedNode | null): string | undefined {
  if (!isScalar(key)) return undefined;
  if (typeof key.value === 'string') return key.value;
  return key.value === null || key.source === undefined ? undefined : key.source;
}

/** Where the text of a scalar starts, if the file has it letter by letter: not folded and without escapes. */
function textStart(text: string, node: Scalar.Parsed, value: string): number | undefined {
  const start = node.type === 'PLAIN' ? node.range[0] : node.range[0] + 1;
  const verbatim = node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED' && text.startsWith(value, start);
  return verbatim ? start : undefined;
}

/** An integer past 2^53 does not survive as a number. */
function isRounded(value: number, written: string): boolean {
  return /^[-+]?\d+$/.test(written) && !Number.isSafeInteger(value);
}
