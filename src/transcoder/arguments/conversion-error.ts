import type { JsonDocument } from '../../json/json-document.ts';

/**
 * A value that does not fit its Java type. Converters throw it; who knows where the value came from makes a
 * `GatewayError` of it (`argument-error.ts`). The path inside a document is found only then.
 */
export class ConversionError extends Error {
  /** What was wanted, as in "must be an int": with its article. */
  readonly expected: string;
  /** The document and node at fault; undefined where the value was a text. */
  readonly doc: JsonDocument | undefined;
  readonly node: number;
  readonly text: string | undefined;

  constructor(expected: string, doc: JsonDocument | undefined, node: number, text?: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`must be ${expected}`);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'ConversionError';
    this.expected = expected;
    this.doc = doc;
    this.node = node;
    this.text = text;
  }
}

/** A `class` key that would choose a Java class the route does not allow. */
export class ClassKeyError extends Error {
  readonly doc: JsonDocument;
  /** The key. */
  readonly node: number;

  constructor(doc: JsonDocument, node: number) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super('the key "class" is not allowed');
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'ClassKeyError';
    this.doc = doc;
    this.node = node;
  }
}
