import { readArgument } from './argument-source.ts';
import type { ArgumentSource, ArgumentSpec } from './argument-spec.ts';
import { listOf } from './check-match.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { PathPattern } from './path-pattern.ts';
import type { Reporter } from './reporter.ts';
import type { RouteConfig } from './schema.ts';

/** What the checks of sources need to know of the route they stand in. */
export interface SourceContext {
  readonly match: RouteConfig['match'];
  /** Undefined: the route's path could not be read. */
  readonly pattern: PathPattern | undefined;
}

/** Methods whose requests usually have no body; servers and proxies may drop one. */
const BODILESS: readonly string[] = ['GET', 'HEAD', 'DELETE'];

/** Checks that a source can be there in requests of the route. */
export function checkSource(
  source: ArgumentSource,
  path: ConfigPath,
  { match, pattern }: SourceContext,
  reporter: Reporter,
): void {
  if (source.kind === 'path' && pattern !== undefined) checkParameter(source.name, path, pattern, reporter);
  if (source.kind !== 'body') return;
  const bodiless = listOf(match.method).filter((method) => BODILESS.includes(method));
  if (bodiless.length === 0) return;
  const message = `a ${bodiless.join(' or ')} request usually has no body`;
  reporter.report(path, message, { severity: 'warning' });
}

/**
 * Checks a source that must give one text.
 *
 * @param what the subject of messages, such as `an attachment`
 */
export function checkText(
  input: unknown,
  path: ConfigPath,
  what: string,
  context: SourceContext,
  reporter: Reporter,
): void {
  const spec = readArgument(input, {
    problem: (problem) => reportArgument([...path, ...problem.path], problem, reporter),
    source: (source, inner) => checkSource(source, [...path, ...inner], context, reporter),
    type: (_, inner) => reporter.report([...path, ...inner], `${what} is always text`, { atKey: true }),
  });
  if (spec === undefined || isText(spec)) return;
  reporter.report(path, `${what} is one text, found ${describeSpec(spec, path, reporter)}`);
}

/** Reports a mistake in an argument, with the value where that is not a secret. */
export function reportArgument(
  path: ConfigPath,
  problem: {
    readonly message: string;
    readonly suggestion?: string;
    readonly atKey?: boolean;
    readonly offset?: number;
  },
  reporter: Reporter,
): void {
  const { message, atKey = false, offset } = problem;
  const suggestion = reporter.isSecret(path) ? undefined : problem.suggestion;
  const node = reporter.node(path);
  const isText = !atKey && node?.kind === 'scalar' && typeof node.value === 'string';
  reporter.report(path, isText ? `${reporter.show(path)}: ${message}` : message, { suggestion, atKey, offset });
}

function checkParameter(name: string, path: ConfigPath, pattern: PathPattern, reporter: Reporter): void {
  if (pattern.parameters.includes(name)) return;
  const patternPath = [...path.slice(0, 2), 'match', 'path'];
  const shown = reporter.isSecret(path) ? reporter.show(path) : `"${name}"`;
  if (reporter.isSecret(patternPath)) {
    reporter.report(path, `the path of the route has no parameter ${shown}`);
    return;
  }
  const has = pattern.parameters.length === 0 ? 'none' : pattern.parameters.map((known) => `"${known}"`).join(', ');
  const near = reporter.nearest(path, name, pattern.parameters);
  const suggestion = near === undefined ? undefined : `path.${near}`;
  reporter.report(path, `the path of the route has no parameter ${shown}; it has ${has}`, { suggestion });
}

function isText(spec: ArgumentSpec): boolean {
  if (spec.kind === 'value') return isScalar(spec.value);
  if (spec.kind !== 'source') return false;
  if (spec.default !== undefined && spec.default !== null && !isScalar(spec.default)) return false;
  const { source } = spec;
  if (source.kind === 'query') return !source.all;
  return source.kind !== 'body' || source.path.length > 0;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function describeSpec(spec: ArgumentSpec, path: ConfigPath, reporter: Reporter): string {
  if (spec.kind === 'source') return reporter.show(path);
  return spec.kind === 'value' ? 'another value' : 'an object';
}
