import type * as z from 'zod';
import type { ScalarNode } from './config-node.ts';
import { type ConfigPath, formatConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import { schemaKeys } from './schema-keys.ts';

type Issue = z.core.$ZodIssue;

/** Reports what the schema found, in plain sentences, at the place of the key or value. */
export function reportSchemaProblems(issues: readonly Issue[], reporter: Reporter): void {
  for (const issue of issues) reportIssue(issue, issue.path as (string | number)[], reporter);
}

function reportIssue(issue: Issue, path: ConfigPath, reporter: Reporter): void {
  const node = reporter.node(path);
  if (node?.kind === 'scalar' && node.unresolved) return;
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) reportUnknownKey(path, key, reporter);
      return;
    case 'invalid_key': {
      const message = `key ${JSON.stringify(path.at(-1))}: ${issue.issues[0]?.message ?? 'not a valid name'}`;
      reporter.report(path, message, { atKey: true });
      return;
    }
    case 'invalid_union':
      reportUnion(issue, path, reporter);
      return;
    case 'invalid_type':
      reportExpected([], [issue.expected], path, reporter);
      return;
    case 'invalid_value':
      reportExpected(issue.values.map(String), [], path, reporter);
      return;
    case 'too_small':
    case 'too_big': {
      const suggestion = reporter.isSecret(path) ? undefined : meantShare(reporter.show(path), path);
      reporter.report(path, sizeMessage(issue, path, reporter.show(path)), { suggestion });
      return;
    }
    default: {
      const suggestion = reporter.isSecret(path) ? undefined : betterText(plainText(path, reporter), issue);
      reporter.report(path, `${issue.message}, found ${reporter.show(path)}`, { suggestion });
    }
  }
}

function reportUnknownKey(parent: ConfigPath, key: string, reporter: Reporter): void {
  const path = [...parent, key];
  const keys = schemaKeys();
  const near = reporter.nearest(parent, key, keys.keysAt(parent));
  const owners = keys.ownersNear(parent, key);
  const elsewhere =
    owners.length > 0 && owners.length <= MAX_OWNERS && key !== 'name' && near?.toLowerCase() !== key.toLowerCase();
  if (elsewhere) {
    const places = alternatives(owners.map((owner) => (owner === '' ? 'at the top' : `under \`${owner}\``)));
    reporter.report(path, `unknown key "${key}": it belongs ${places}`, { atKey: true });
    return;
  }
  reporter.report(path, `unknown key "${key}"`, { atKey: true, suggestion: near });
}

/** A key that belongs in more places than that says nothing of what was meant. */
const MAX_OWNERS = 3;

/** No branch is meant for sure: all words and types are named. */
function reportUnion(issue: z.core.$ZodIssueInvalidUnion, path: ConfigPath, reporter: Reporter): void {
  const whole = issue.errors.flatMap((branch) => branch.filter((inner) => inner.path.length === 0));
  const words = whole.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  const types = whole.flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []));
  reportExpected(words, types, path, reporter);
}

/** A value that is none of these words and of none of these types. */
function reportExpected(
  words: readonly string[],
  types: readonly string[],
  path: ConfigPath,
  reporter: Reporter,
): void {
  const node = reporter.node(path);
  if (node === undefined) {
    const key = path.at(-1);
    reporter.report(path, `${describeOwner(path)} needs the key "${key}"`);
    return;
  }
  const choice = [...words.map((word) => `"${word}"`), ...new Set(types.map((type) => TYPE_WORDS[type] ?? type))];
  const hint = node.kind === 'scalar' ? hintFor(node, words, types, reporter.isSecret(path)) : '';
  const suggestion = reporter.isSecret(path) ? undefined : meantValue(words, path, reporter);
  reporter.report(path, `expected ${alternatives(choice)}, found ${reporter.show(path)}${hint}`, { suggestion });
}

/** How to write what is probably meant. */
function hintFor(node: ScalarNode, words: readonly string[], types: readonly string[], isSecret: boolean): string {
  if (node.value === null) return '; leave the key out or give it a value';
  if (types.includes('string') && node.value !== undefined) {
    return `, which YAML reads as ${valueWord(node.value)}: write it in quotes`;
  }
  if (types.includes('array') && typeof node.value === 'string') return '; a list is written [a, b]';
  const isOn = words.includes('off') && ON_WORDS.includes(String(node.value).toLowerCase());
  return isOn && !isSecret ? '; {} turns it on' : '';
}

/** The word or number that a value probably means. */
function meantValue(words: readonly string[], path: ConfigPath, reporter: Reporter): string | undefined {
  const node = reporter.node(path);
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  const text = String(node.value);
  if (words.includes('off') && OFF_WORDS.includes(text.toLowerCase())) return 'off';
  if (words.length > 0) return typeof node.value === 'string' ? reporter.nearest(path, text, words) : undefined;
  return meantShare(text, path);
}

/** Words that stand for a map or for `off` elsewhere. */
const ON_WORDS: readonly string[] = ['on', 'true', 'yes', 'enabled'];
const OFF_WORDS: readonly string[] = ['false', 'no', 'none', 'disabled', 'never', '0'];

/** Percent that were written where a share from 0 to 1 is expected. */
function meantShare(text: string, path: ConfigPath): string | undefined {
  const [, digits, sign] = /^(\d{1,3}(?:\.\d{1,3})?) ?(%?)$/.exec(text) ?? [];
  const percent = Number(digits ?? Number.NaN);
  if (!(percent <= 100 && (sign === '%' || percent > 1))) return undefined;
  const { type, maximum } = schemaKeys().schemaAt(path) ?? {};
  return type === 'number' && maximum === 1 ? String(percent / 100) : undefined;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

function valueWord(value: unknown): string {
  return typeof value === 'boolean' ? 'true or false' : 'a number';
}

/** What lacks a key: `the route`, `services.users`. */
function describeOwner(path: ConfigPath): string {
  const parent = path.slice(0, -1);
  return parent.length === 0 ? 'the configuration' : `\`${formatConfigPath(parent)}\``;
}

function sizeMessage(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  path: ConfigPath,
  shown: string,
): string {
  if (issue.origin !== 'number' && issue.origin !== 'int') return 'must not be empty';
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}, is ${shown}`;
  if (issue.inclusive === true) return `must be at least ${issue.minimum}, is ${shown}`;
  const isWhole = schemaKeys().schemaAt(path)?.type === 'integer';
  return isWhole
    ? `must be at least ${Number(issue.minimum) + 1}, is ${shown}`
    : `must be above ${issue.minimum}, is ${shown}`;
}

/** `a, b or c`. */
function alternatives(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

/** The text that is probably meant where the form, not the word, is wrong. */
function betterText(text: string, issue: Issue): string | undefined {
  const size = /^(\d+) ?([KMG])i?B?$/i.exec(text);
  if (size !== null) return `${size[1]}${size[2]!.toUpperCase()}iB`;
  const needsSlash = issue.code === 'invalid_format' && issue.format === 'starts_with';
  return needsSlash && text !== '' ? `/${text}` : undefined;
}

function plainText(path: ConfigPath, reporter: Reporter): string {
  const node = reporter.node(path);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
}
