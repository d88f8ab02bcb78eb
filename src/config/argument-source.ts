import type { ArgumentSource, ArgumentSpec } from './argument-spec.ts';
import { nearestName } from './nearest-name.ts';
import { parseSourceExpression, SourceExpressionError } from './source-expression.ts';

/** One mistake in an argument as written. */
export interface ArgumentProblem {
  /** Keys and indexes from the argument to the part that is wrong. */
  readonly path: readonly (string | number)[];
  /** Where `path` ends at a key that is wrong, not at its value. */
  readonly atKey?: boolean;
  /** Place inside a text, from 0. */
  readonly offset?: number;
  /** A sentence that does not repeat the value, which may come from a secret. */
  readonly message: string;
  readonly suggestion?: string;
}

/** What a reader of arguments is told on the way. Paths start at the argument. */
export interface ArgumentVisitor {
  problem(problem: ArgumentProblem): void;
  /** Each source that was read, with the path to its expression. */
  source?(source: ArgumentSource, path: readonly (string | number)[]): void;
  /** Each Java type given with a source, with the path to its text. */
  type?(text: string, path: readonly (string | number)[]): void;
}

/** An argument that cannot be read, with its first mistake. */
export class ArgumentError extends Error {
  readonly problem: ArgumentProblem;

  constructor(problem: ArgumentProblem) {
    super(problem.message);
    this.name = 'ArgumentError';
    this.problem = problem;
  }
}

/** Reads one entry of `args` or `attachments` of a checked configuration. Throws `ArgumentError`. */
export function parseArgument(input: unknown): ArgumentSpec {
  return readArgument(input, {
    problem: (problem) => {
      throw new ArgumentError(problem);
    },
  })!;
}

/**
 * Reads an argument and tells the visitor every mistake in it; undefined when there was one. A text is a source expression
 * (`source-expression.ts`); a map with exactly the key `value`, `merge` or `object`, or with `from`, is that special
 * form; any other map is an object of arguments.
 *
 * An absent source is an error for `path`, `body` and `jwt` and null for all others, unless `required` says otherwise.
 */
export function readArgument(
  input: unknown,
  visitor: ArgumentVisitor,
  path: readonly (string | number)[] = [],
): ArgumentSpec | undefined {
  if (path.length > MAX_DEPTH) return fail(visitor, { path, message: `arguments nest at most ${MAX_DEPTH} deep` });
  if (typeof input === 'string') {
    const source = readSource(input, visitor, path);
    return source === undefined ? undefined : { kind: 'source', source, required: isRequired(source) };
  }
  if (!isMap(input)) return fail(visitor, { path, message: notAnArgument(input) });
  const keys = Object.keys(input);
  if (keys.includes('from')) return readFrom(input, visitor, path);
  if (keys.length === 1) {
    if (keys[0] === 'value') return { kind: 'value', value: input.value };
    if (keys[0] === 'merge') return readMerge(input.merge, visitor, [...path, 'merge']);
    if (keys[0] === 'object' && typeof input.object !== 'string') {
      return readObject(input.object, visitor, [...path, 'object']);
    }
  }
  if (Array.isArray(input.merge)) {
    const message = '"merge" stands alone; a field of that name is written object: { merge: … }';
    return fail(visitor, { path: [...path, 'merge'], atKey: true, message });
  }
  return readObject(input, visitor, path);
}

/** Nesting of the forms; each level is one or two steps of the path. */
const MAX_DEPTH = 32;

const FROM_KEYS = ['from', 'type', 'default', 'required'];

/** Sources that give one text, which `merge` cannot take. */
const TEXT_KINDS: readonly ArgumentSource['kind'][] = ['path', 'query', 'header', 'cookie', 'client.ip', 'request.id'];

function readSource(
  text: string,
  visitor: ArgumentVisitor,
  path: readonly (string | number)[],
): ArgumentSource | undefined {
  try {
    const source = parseSourceExpression(text);
    visitor.source?.(source, path);
    return source;
  } catch (error) {
    if (!(error instanceof SourceExpressionError)) throw error;
    const { message, offset, suggestion } = error;
    return fail(visitor, suggestion === undefined ? { path, offset, message } : { path, offset, message, suggestion });
  }
}

function readFrom(
  input: Readonly<Record<string, unknown>>,
  visitor: ArgumentVisitor,
  path: readonly (string | number)[],
): ArgumentSpec | undefined {
  let failed = false;
  const report = (problem: ArgumentProblem): void => {
    failed = true;
    visitor.problem(problem);
  };
  for (const key of Object.keys(input)) {
    if (FROM_KEYS.includes(key)) continue;
    const near = nearestName(key, FROM_KEYS);
    const message = `unknown key "${key}" beside "from"; for an object of sources write object: { from: … }`;
    report({ path: [...path, key], atKey: true, message, ...(near === undefined ? {} : { suggestion: near }) });
  }
  const { from, type, default: fallback, required } = input;
  if (type !== undefined && typeof type !== 'string') {
    report({ path: [...path, 'type'], message: 'expected a Java type' });
  } else if (type !== undefined) visitor.type?.(type, [...path, 'type']);
  if (required !== undefined && typeof required !== 'boolean') {
    report({ path: [...path, 'required'], message: 'expected true or false' });
  }
  if (required === true && 'default' in input) {
    report({ path: [...path, 'required'], atKey: true, message: 'a source with a default is never missing' });
  }
  if (typeof from !== 'string') {
    return fail(visitor, { path: [...path, 'from'], message: 'expected a source, such as query.page' });
  }
  const source = readSource(from, visitor, [...path, 'from']);
  if (failed || source === undefined) return undefined;
  return {
    kind: 'source',
    source,
    required: typeof required === 'boolean' ? required : isRequired(source),
    ...(typeof type === 'string' ? { type } : {}),
    ...('default' in input ? { default: fallback } : {}),
  };
}

function readMerge(
  input: unknown,
  visitor: ArgumentVisitor,
  path: readonly (string | number)[],
): ArgumentSpec | undefined {
  if (!Array.isArray(input) || input.length === 0) {
    return fail(visitor, { path, message: 'expected a list of objects to merge, such as [body, { id: path.id }]' });
  }
  const parts: ArgumentSpec[] = [];
  for (const [index, entry] of input.entries()) {
    const part = readArgument(entry, visitor, [...path, index]);
    if (part === undefined) continue;
    const scalar = part.kind === 'source' ? TEXT_KINDS.includes(part.source.kind) : isScalarValue(part);
    if (scalar) visitor.problem({ path: [...path, index], message: 'merge takes objects; give this one a field name' });
    else parts.push(part);
  }
  return parts.length === input.length ? { kind: 'merge', parts } : undefined;
}

function readObject(
  input: unknown,
  visitor: ArgumentVisitor,
  path: readonly (string | number)[],
): ArgumentSpec | undefined {
  if (!isMap(input)) return fail(visitor, { path, message: 'expected a map of field names to sources' });
  const fields: [string, ArgumentSpec][] = [];
  const entries = Object.entries(input);
  for (const [name, value] of entries) {
    const field = readArgument(value, visitor, [...path, name]);
    if (field !== undefined) fields.push([name, field]);
  }
  return fields.length === entries.length ? { kind: 'object', fields } : undefined;
}

function isScalarValue(spec: ArgumentSpec): boolean {
  return spec.kind === 'value' && !isMap(spec.value);
}

function isRequired(source: ArgumentSource): boolean {
  return source.kind === 'path' || source.kind === 'body' || source.kind === 'jwt';
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notAnArgument(input: unknown): string {
  if (Array.isArray(input)) return 'a list is no source; a constant list is written { value: […] }';
  if (input === null || input === undefined) return 'nothing is no source; a constant null is written { value: null }';
  return 'expected a source; a constant is written { value: … }';
}

function fail(visitor: ArgumentVisitor, problem: ArgumentProblem): undefined {
  visitor.problem(problem);
  return undefined;
}
