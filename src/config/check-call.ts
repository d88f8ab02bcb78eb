import { readArgument } from './argument-source.ts';
import { CLASS_NAME } from './check-services.ts';
import { checkSource, checkText, reportArgument, type SourceContext } from './check-source.ts';
import { checkTypeText, type KnownClasses } from './check-types.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import { reservedAttachmentReason } from './reserved-attachments.ts';
import type { CallConfig, MethodConfig } from './schema.ts';

/** What the checks of a call need to know beside the call. */
export interface CallContext extends SourceContext {
  /** Keys of each service's methods, as written; undefined methods are those that could not be read. */
  readonly services: ReadonlyMap<string, ReadonlyMap<string, MethodConfig | undefined>>;
  readonly known: KnownClasses;
  /** Whether the schema refused something at or below a path, so that it must not be judged again. */
  isBroken(path: ConfigPath): boolean;
}

/** Checks one call: service, method, arguments, attachments, tag. Returns the method that is called. */
export function checkCall(
  call: CallConfig,
  path: ConfigPath,
  context: CallContext,
  reporter: Reporter,
): MethodConfig | undefined {
  const method = findMethod(call, path, context, reporter);
  checkArguments(call, path, method, context, reporter);
  for (const [key, input] of Object.entries(call.attachments)) {
    checkAttachment(key, input, [...path, 'attachments', key], context, reporter);
  }
  if (call.tag !== undefined) checkText(call.tag, [...path, 'tag'], 'a tag', context, reporter);
  if (call.hashOn !== undefined) checkText(call.hashOn, [...path, 'hashOn'], 'what is hashed', context, reporter);
  for (const [index, name] of call.allowedClasses.entries()) {
    const at = [...path, 'allowedClasses', index];
    if (!CLASS_NAME.test(name))
      reporter.report(at, `expected the full name of a Java class, found ${reporter.show(at)}`);
  }
  return method;
}

function findMethod(
  call: CallConfig,
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
  { args, service, method: methodKey }: CallConfig,
  path: ConfigPath,
  method: MethodConfig | undefined,
  context: CallContext,
  reporter: Reporter,
): void {
  const argsPath = [...path, 'args'];
  const methodPath = ['services', service, 'methods', methodKey];
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
      source: (source, inner) => checkSource(source, [...at, ...inner], context, reporter),
      type: (text, inner) => checkTypeText(text, [...at, ...inner], context.known, [], reporter),
    });
  }
}

/** The parameter types in parentheses, when none of them is a secret. */
function signature(method: MethodConfig, path: ConfigPath, reporter: Reporter): string {
  const isHidden = method.parameters.some((_, index) => reporter.isSecret([...path, index]));
  return method.parameters.length === 0 || isHidden ? '' : ` (${method.parameters.join(', ')})`;
}

function checkAttachment(
  key: string,
  input: unknown,
  path: ConfigPath,
  context: SourceContext,
  reporter: Reporter,
): void {
  const reason = reservedAttachmentReason(key);
  if (reason !== undefined) {
    reporter.report(path, `attachment "${key}" cannot be set: ${reason}`, { atKey: true });
  }
  checkText(input, path, 'an attachment', context, reporter);
}

function count(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;
}
