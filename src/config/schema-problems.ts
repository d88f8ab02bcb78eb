import type { z } from 'zod';
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
      reportType([issue.expected], path, reporter);
      return;
    case 'invalid_value': {
      const values = issue.values.map(String);
      const shown = reporter.show(path);
      const suggestion = reporter.nearest(path, plainText(path, reporter), values);
      reporter.report(path, `expected ${listed(values)}, found ${shown}`, { suggestion });
      return;
    }
    case 'too_small':
    case 'too_big':
      reporter.report(path, sizeMessage(issue, reporter.show(path)));
      return;
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
  const owners = keys.mapsWith(key);
  const elsewhere =
    owners.length > 0 && owners.length <= 2 && key !== 'name' && near?.toLowerCase() !== key.toLowerCase();
  if (elsewhere) {
    const places = owners.map((owner) => (owner === '' ? 'at the top' : `under \`${owner}\``)).join(' or ');
    reporter.report(path, `unknown key "${key}": it belongs ${places}`, { atKey: true });
    return;
  }
  reporter.report(path, `unknown key "${key}"`, { atKey: true, suggestion: near });
}

/** The branch whose type fits tells what is wrong; if none fits, all types are named. */
function reportUnion(issue: z.core.$ZodIssueInvalidUnion, path: ConfigPath, reporter: Reporter): void {
  const fitting = issue.errors.filter((branch) => !branch.some((first) => isTypeMismatch(first)));
  if (fitting.length === 1) {
    for (const inner of fitting[0]!) reportIssue(inner, [...path, ...(inner.path as (string | number)[])], reporter);
    return;
  }
  const expected = issue.errors.flatMap((branch) => {
    const [first] = branch;
    return first?.code === 'invalid_type' ? [first.expected] : [];
  });
  reportType(expected, path, reporter);
}

function isTypeMismatch(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function reportType(expected: readonly string[], path: ConfigPath, reporter: Reporter): void {
  const node = reporter.node(path);
  if (node === undefined) {
    const key = path.at(-1);
    reporter.report(path, `${describeOwner(path)} needs the key "${key}"`);
    return;
  }
  const words = [...new Set(expected.map((type) => TYPE_WORDS[type] ?? type))].join(' or ');
  const found = `expected ${words}, found ${reporter.show(path)}`;
  const isText = expected.includes('string') && node.kind === 'scalar' && node.value !== null;
  if (isText && node.value !== undefined) {
    reporter.report(path, `${found}, which YAML reads as ${valueWord(node.value)}: write it in quotes`);
    return;
  }
  if (node.kind === 'scalar' && node.value === null) {
    reporter.report(path, `${found}; leave the key out or give it a value`);
    return;
  }
  const isOneOfList = expected.includes('array') && node.kind === 'scalar' && typeof node.value === 'string';
  reporter.report(path, isOneOfList ? `${found}; a list is written [a, b]` : found);
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

function sizeMessage(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, shown: string): string {
  if (issue.origin !== 'number' && issue.origin !== 'int') return 'must not be empty';
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}, is ${shown}`;
  const least = issue.inclusive === true ? Number(issue.minimum) : Number(issue.minimum) + 1;
  return `must be at least ${least}, is ${shown}`;
}

function listed(values: readonly string[]): string {
  const quoted = values.map((value) => `"${value}"`);
  return quoted.length === 1 ? quoted[0]! : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
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
