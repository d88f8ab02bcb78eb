import { readArgument } from './argument-source.ts';
import type { ArgumentSource, ArgumentSpec } from './argument-spec.ts';
import { listOf } from './check-match.ts';
import { CLASS_NAME } from './check-services.ts';
import { checkTypeText, type KnownClasses } from './check-types.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { PathPattern } from './path-pattern.ts';
import type { Reporter } from './reporter.ts';
import { reservedAttachmentReason } from './reserved-attachments.ts';
import type { MethodConfig, RouteConfig } from './schema.ts';

/** What the checks of a route's call need to know beside the route. */
export interface CallContext {
  /** Keys of each service's methods, as written; undefined methods are those that could not be read. */
  readonly services: ReadonlyMap<string, ReadonlyMap<string, MethodConfig | undefined>>;
  readonly known: KnownClasses;
  /** Undefined: the route's path could not be read. */
  readonly pattern: PathPattern | undefined;
  /** Whether the schema refused something at or below a path, so that it must not be judged again. */
  isBroken(path: ConfigPath): boolean;
}

/** Methods whose requests usually have no body; servers and proxies may drop one. */
const BODILESS: readonly string[] = ['GET', 'HEAD', 'DELETE'];

/** Checks the call of one route: service, method, arguments, attachments. Returns the method that is called. */
export function checkCall(
  route: RouteConfig,
  path: ConfigPath,
  context: CallContext,
  reporter: Reporter,
): MethodConfig | undefined {
  const { call } = route;
  const method = findMethod(call, path, context, reporter);
  checkArguments(route, path, method, context, reporter);
  for (const [key, input] of Object.entries(call.attachments)) {
    checkAttachment(
      key,
      input,
      [...path, 'attachments', key],
      (source, at) => {
        checkSource(source, at, route, context, reporter);
      },
      reporter,
    );
  }
  for (const [index, name] of call.allowedClasses.entries()) {
    const at = [...path, 'allowedClasses', index];
    if (!CLASS_NAME.test(name))
      reporter.report(at, `expected the full name of a Java class, found ${reporter.show(at)}`);
  }
  return method;
}

function findMethod(
  call: RouteConfig['call'],
  path: ConfigPath,
  context: CallContext,
  reporter: Reporter,
): MethodConfig | undefined {
  const servicePath = [...path, 'service'];
  const methods = context.services.get(call.service);
  if (methods === undefined) {
    const suggestion = reporter.nearest(servicePath, call.service, context.services.keys());
    const message = `there is no service ${reporter.show(servicePath)} under \`services\``;
    reporter.report(servicePath, message, { suggestion });
    return undefined;
  }
  if (methods.has(call.method)) return methods.get(call.method);
  const methodPath = [...path, 'method'];
  const suggestion = reporter.nearest(methodPath, call.method, methods.keys());
  const message = `service ${reporter.show(servicePath)} has no method ${reporter.show(methodPath)}`;
  reporter.report(methodPath, message, { suggestion });
  return undefined;
}

function checkArguments(
  route: RouteConfig,
  path: ConfigPath,
  method: MethodConfig | undefined,
  context: CallContext,
  reporter: Reporter,
): void {
  const argsPath = [...path, 'args'];
  const { args } = route.call;
  const methodPath = ['services', route.call.service, 'methods', route.call.method];
  const isUnsure = context.isBroken(argsPath) || context.isBroken(methodPath);
  if (method !== undefined && args.length !== method.parameters.length && !isUnsure) {
    const takes = count(method.parameters.length, 'parameter');
    const types = signature(method, [...methodPath, 'parameters'], reporter);
    const message = `the method has ${takes}${types}, but ${count(args.length, 'argument')} are given`;
    reporter.report(argsPath, message.replace('1 argument are', '1 argument is'));
  }
  for (const [index, input] of args.entries()) {
    const at = [...argsPath, index];
    readArgument(input, {
      problem: (problem) => {
        const place = [...at, ...problem.path];
        reportArgument(place, problem, reporter);
      },
      source: (source, inner) => checkSource(source, [...at, ...inner], route, context, reporter),
      type: (text, inner) => checkTypeText(text, [...at, ...inner], context.known, [], reporter),
    });
  }
}

/** The parameter types in parentheses, when none of them is a secret. */
function signature(method: MethodConfig, path: ConfigPath, reporter: Reporter): string {
  const isHidden = method.parameters.some((_, index) => reporter.isSecret([...path, index]));
  return method.parameters.length === 0 || isHidden ? '' : ` (${method.parameters.join(', ')})`;
}

function checkSource(
  source: ArgumentSource,
  path: ConfigPath,
  route: RouteConfig,
  context: CallContext,
  reporter: Reporter,
): void {
  if (source.kind === 'path' && context.pattern !== undefined)
    checkParameter(source.name, path, context.pattern, reporter);
  if (source.kind !== 'body') return;
  const bodiless = listOf(route.match.method).filter((method) => BODILESS.includes(method));
  if (bodiless.length === 0) return;
  const message = `a ${bodiless.join(' or ')} request usually has no body`;
  reporter.report(path, message, { severity: 'warning' });
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

function checkAttachment(
  key: string,
  input: unknown,
  path: ConfigPath,
  onSource: (source: ArgumentSource, path: ConfigPath) => void,
  reporter: Reporter,
): void {
  const reason = reservedAttachmentReason(key);
  if (reason !== undefined) {
    reporter.report(path, `attachment "${key}" cannot be set: ${reason}`, { atKey: true });
  }
  const spec = readArgument(input, {
    problem: (problem) => reportArgument([...path, ...problem.path], problem, reporter),
    source: (source, inner) => onSource(source, [...path, ...inner]),
    type: (_, inner) => reporter.report([...path, ...inner], 'an attachment is always text', { atKey: true }),
  });
  if (spec === undefined || isText(spec)) return;
  reporter.report(path, `an attachment is one text, found ${describeSpec(spec, path, reporter)}`);
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

function reportArgument(
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

function count(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;
}
