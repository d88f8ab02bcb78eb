import type { Dialect } from './dialects.ts';
import { int, type JavaObject, type JavaValue, object, typedList } from './java-value.ts';
import { type StackFrame, stackFrames, stackText } from './stack-frames.ts';

/** Thrown by a service method: the exception its caller is to get. */
export class JavaException extends Error {
  readonly className: string;
  /** Extra fields of the exception class, seen only where the exception itself is sent. */
  readonly fields: readonly [string, JavaValue][];
  /** Sent as it is, not wrapped into GenericException. */
  readonly sentRaw: boolean;
  /** Null for an exception without message. */
  readonly javaMessage: string | null;

  constructor(
    className: string,
    message: string | null,
    options: { fields?: readonly [string, JavaValue][]; sentRaw?: boolean } = {},
  ) {
    super(message ?? className);
    this.name = 'JavaException';
    this.className = className;
    this.javaMessage = message;
    this.fields = options.fields ?? [];
    this.sentRaw = options.sentRaw ?? false;
  }
}

/** A call that the framework refuses before any method runs: status 70 with a stack trace as its text. */
export class ServiceError extends Error {
  readonly className: string;

  constructor(className: string, message: string) {
    super(message);
    this.name = 'ServiceError';
    this.className = className;
  }
}

/** The object that stands behind flag 0 or 3 for this exception. */
export function exceptionObject(exception: JavaException, dialect: Dialect): JavaObject {
  if (dialect.name === 'go') return goThrowable(exception.message);
  const frames = stackFrames(dialect);
  if (exception.sentRaw) {
    return throwable(exception.className, exception.javaMessage, frames, exception.fields, []);
  }
  const text = `${exception.className}: ${exception.javaMessage}\n${stackText(frames)}`;
  return throwable(
    'com.alibaba.dubbo.rpc.service.GenericException',
    text,
    frames,
    [],
    [
      ['exceptionMessage', exception.javaMessage],
      ['exceptionClass', exception.className],
    ],
  );
}

/** dubbo-go's only exception: a `java.lang.Throwable` with a text. */
export function goThrowable(message: string): JavaObject {
  return object('java.lang.Throwable', [
    ['serialVersionUID', { kind: 'long', value: 200n }],
    ['detailMessage', message],
    ['suppressedExceptions', null],
    ['stackTrace', typedList('[java.lang.StackTraceElement', [])],
    ['cause', null],
  ]);
}

function throwable(
  className: string,
  detailMessage: string | null,
  frames: readonly StackFrame[],
  ownFields: readonly [string, JavaValue][],
  lastFields: readonly [string, JavaValue][],
): JavaObject {
  const value = object(className, [
    ['suppressedExceptions', typedList('java.util.Collections$EmptyList', [])],
    ['stackTrace', typedList('[java.lang.StackTraceElement', frames.map(stackTraceElement))],
    ['cause', null],
    ['detailMessage', detailMessage],
    ...ownFields,
    ...lastFields,
  ]);
  // A Throwable without cause refers to itself.
  value.fields[2] = ['cause', value];
  return value;
}

function stackTraceElement(frame: StackFrame): JavaObject {
  const ofJdk = frame.declaringClass.startsWith('java.');
  return object('java.lang.StackTraceElement', [
    ['format', int(ofJdk ? 2 : 1)],
    ['lineNumber', int(frame.lineNumber)],
    ['fileName', frame.fileName],
    ['methodName', frame.methodName],
    ['declaringClass', frame.declaringClass],
    ['moduleVersion', ofJdk ? '17.0.15' : null],
    ['moduleName', ofJdk ? 'java.base' : null],
    ['classLoaderName', ofJdk ? null : 'app'],
  ]);
}
