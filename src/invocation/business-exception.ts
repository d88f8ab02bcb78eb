import {
  HessianBackReference,
  HessianList,
  HessianMap,
  HessianObject,
  type HessianValue,
} from '../hessian/hessian-tree.ts';
import { safeText } from './safe-text.ts';

/** What a method threw, for the caller and for the log. */
export interface BusinessException {
  readonly className: string;
  /** As the caller may see it; empty where the exception has none. */
  readonly message: string;
  /** Whether the exception is Dubbo's own, so that its message speaks of services and addresses. */
  readonly isFramework: boolean;
  /** Names of the fields of the exception's own class. */
  readonly ownFields: readonly string[];
  readonly log: Readonly<Record<string, unknown>>;
}

const THROWABLE_FIELDS: ReadonlySet<string> = new Set([
  'stackTrace',
  'suppressedExceptions',
  'cause',
  'detailMessage',
  'exceptionClass',
  'exceptionMessage',
  // Static in Java, so no Java provider sends it; dubbo-go sends it like a field.
  'serialVersionUID',
]);
const FRAMEWORK = /^(?:org\.apache|com\.alibaba)\.dubbo\./;
const GENERIC_EXCEPTION = /\.dubbo\.rpc\.service\.GenericException$/;
const MAX_LOGGED_FRAMES = 20;
const MAX_CAUSES = 8;

/**
 * Reads an exception as Dubbo sends it: GenericException (whose `exceptionClass` and `exceptionMessage` name the real
 * one), any Throwable object (3.2 and later without the compatibility classes, dubbo-go), or whatever else stands where
 * an exception should.
 */
export function describeException(value: HessianValue): BusinessException {
  if (!(value instanceof HessianObject) && !(value instanceof HessianMap)) {
    const message = typeof value === 'string' ? value : '';
    return exception('java.lang.Throwable', message, [], {});
  }
  const wrapper =
    value instanceof HessianObject ? value.className : textOf(value.get('class')) || 'java.lang.Throwable';
  const isGeneric = GENERIC_EXCEPTION.test(wrapper);
  const className = isGeneric ? textOf(value.get('exceptionClass')) || wrapper : wrapper;
  const own = isGeneric ? value.get('exceptionMessage') : undefined;
  // Null says that the exception has no message; the wrapper's own one would be its stack trace then.
  const message = textOf(own === undefined ? (value.get('detailMessage') ?? value.get('message')) : own);
  const ownFields =
    value instanceof HessianObject ? [...value.fields.keys()].filter((name) => !THROWABLE_FIELDS.has(name)) : [];
  return exception(className, message, ownFields, {
    stack: stackLines(value.get('stackTrace')),
    causes: causes(value),
  });
}

function exception(
  className: string,
  message: string,
  ownFields: readonly string[],
  log: Record<string, unknown>,
): BusinessException {
  const isFramework = FRAMEWORK.test(className);
  return {
    className,
    message: isFramework ? '' : safeText(message),
    isFramework,
    ownFields,
    log: { exceptionClass: className, exceptionMessage: message.slice(0, 4_000), ...log },
  };
}

function causes(value: HessianObject | HessianMap): string[] {
  const found: string[] = [];
  let current: HessianValue | undefined = value.get('cause');
  let previous: HessianValue = value;
  while (current instanceof HessianObject && current !== previous && found.length < MAX_CAUSES) {
    found.push(`${current.className}: ${textOf(current.get('detailMessage')).slice(0, 1_000)}`);
    previous = current;
    current = current.get('cause');
  }
  return found;
}

function stackLines(stack: HessianValue | undefined): string[] {
  if (!(stack instanceof HessianList)) return [];
  return stack.items.slice(0, MAX_LOGGED_FRAMES).map((frame) => {
    if (!(frame instanceof HessianObject) && !(frame instanceof HessianMap)) return '?';
    const line = frame.get('lineNumber');
    const place = `${textOf(frame.get('fileName'))}:${typeof line === 'number' ? line : '?'}`;
    return `${textOf(frame.get('declaringClass') ?? frame.get('className'))}.${textOf(frame.get('methodName'))}(${place})`;
  });
}

function textOf(value: HessianValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null || value instanceof HessianBackReference || typeof value === 'object'
    ? ''
    : String(value);
}
