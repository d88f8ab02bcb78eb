/**
 * Writes what follows from the schema of the configuration: `gateway.schema.json` for editors and the generated part of
 * `README.md`. Run it with `npx tsx config/generate.ts` after a change of `src/config/schema.ts`; a test fails until
 * then.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configJsonSchema, type JsonSchema, writtenSchema } from '../src/config/json-schema.ts';
import { ROUTE_PRECEDENCE } from '../src/routing/router.ts';

const SCHEMA_FILE = fileURLToPath(new URL('gateway.schema.json', import.meta.url));
const REFERENCE_FILE = fileURLToPath(new URL('README.md', import.meta.url));

/** The text that `gateway.schema.json` must have. */
export function schemaFile(): string {
  return `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
}

/** A reference with its generated parts made anew; what people wrote around them stays. */
export function referenceFile(current: string): string {
  const withOrder = replacePart(current, 'precedence', ROUTE_PRECEDENCE);
  return replacePart(withOrder, 'keys', sections(writtenSchema(), '').join('\n'));
}

function replacePart(text: string, name: string, content: string): string {
  const start = `<!-- generated: ${name} -->\n`;
  const end = `<!-- end of ${name} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`README.md lacks the marks of the generated part "${name}"`);
  return `${text.slice(0, from + start.length)}\n${content.trimEnd()}\n\n${text.slice(to)}`;
}

/**
 * One section for each map with fixed keys, from the outside in. `seen` has the path of each table that was written; the
 * same table is not written twice.
 */
function sections(schema: JsonSchema, path: string, seen = new Map<string, string>()): string[] {
  if (schema.oneOf !== undefined) {
    return schema.oneOf.flatMap((kind) => sections(kind, `${path} with type ${kind.properties!.type!.const}`, seen));
  }
  const own = mapBranch(schema);
  if (own?.properties === undefined) {
    const inner = elementOf(schema);
    return inner === undefined ? [] : sections(inner.schema, path + inner.step, seen);
  }
  const title = path === '' ? 'The whole' : `\`${path}\``;
  const rows = table(Object.entries(own.properties).map(([key, child]) => row(key, child, own.required ?? [])));
  const twin = seen.get(rows);
  if (twin !== undefined) return [`### ${title}\n\nThe same keys as [\`${twin}\`](#${anchor(twin)}).\n`];
  seen.set(rows, path);
  const children = Object.entries(own.properties).flatMap(([key, child]) => {
    return sections(child, path === '' ? key : `${path}.${key}`, seen);
  });
  return [`### ${title}\n\n${rows}\n`, ...children];
}

/** What GitHub makes of a heading, to link to it. */
function anchor(path: string): string {
  return path.toLowerCase().replaceAll(/[^\w-]/g, '');
}

/** The map with fixed keys that a value can be. */
function mapBranch(schema: JsonSchema): JsonSchema | undefined {
  if (schema.properties !== undefined) return schema;
  return schema.anyOf?.find((branch) => branch.properties !== undefined);
}

function elementOf(schema: JsonSchema): { readonly schema: JsonSchema; readonly step: string } | undefined {
  if (schema.items !== undefined) return { schema: schema.items, step: '[]' };
  if (typeof schema.additionalProperties === 'object') return { schema: schema.additionalProperties, step: '.NAME' };
  return undefined;
}

/** A table with its columns in line, as the formatter of this repository wants it. */
function table(rows: readonly (readonly string[])[]): string {
  const head = ['key', 'type', 'default', 'meaning'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((cells) => cells[column]!.length)));
  const rule = widths.map((width) => '-'.repeat(width));
  const line = (cells: readonly string[]): string => {
    return `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  };
  return [head, rule, ...rows].map(line).join('\n');
}

function row(key: string, schema: JsonSchema, required: readonly string[]): readonly string[] {
  const fallback = required.includes(key) ? '**required**' : defaultText(schema.default);
  const cells = [`\`${key}\``, typeText(schema), fallback, schema.description ?? ''];
  return cells.map((cell) => cell.replaceAll('|', '\\|'));
}

function defaultText(value: unknown): string {
  if (value === undefined) return '';
  if (JSON.stringify(value) === '{}') return '';
  return `\`${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}\``;
}

function typeText(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) {
    const [first, second] = schema.anyOf;
    const isSize = first?.type === 'integer' && schema.anyOf.length === 2 && second?.enum === undefined;
    return isSize ? 'size' : [...new Set(schema.anyOf.map(typeText))].join(' or ');
  }
  if (schema.oneOf !== undefined) return 'map';
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (Array.isArray(schema.type)) return schema.type.includes('object') ? 'argument' : 'text or `true`/`false`';
  if (schema.properties !== undefined) return 'map';
  if (schema.items !== undefined) return `list of ${plural(typeText(schema.items))}`;
  if (typeof schema.additionalProperties === 'object') {
    return `map of name to ${typeText(schema.additionalProperties)}`;
  }
  if (schema.type === 'integer' || schema.type === 'number') return `number${range(schema)}`;
  return schema.type === 'boolean' ? '`true`, `false`' : 'text';
}

function plural(type: string): string {
  return type === 'text' ? 'texts' : `${type}s`;
}

function range({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const isWhole = type === 'integer';
  if (exclusiveMinimum !== undefined && !isWhole) {
    return ` above ${exclusiveMinimum}${maximum === undefined ? '' : ` up to ${maximum}`}`;
  }
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1);
  if (least === undefined) return '';
  return maximum === undefined ? ` from ${least}` : ` ${least} to ${maximum}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(SCHEMA_FILE, schemaFile());
  writeFileSync(REFERENCE_FILE, referenceFile(readFileSync(REFERENCE_FILE, 'utf8')));
}
