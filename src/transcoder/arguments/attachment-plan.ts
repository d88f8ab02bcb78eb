import type { ArgumentSource, ArgumentSpec } from '../../config/argument-spec.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import { type JsonDocument, NO_NODE } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import type { RequestView } from '../request-view.ts';
import { argumentError, missingArgument } from './argument-error.ts';
import { ArgumentPlanError } from './argument-plan-error.ts';
import { constantDocument } from './constant-document.ts';
import { ConversionError } from './conversion-error.ts';
import { isDocumentSource, readText } from './request-text.ts';
import { formatSource } from './source-text.ts';

/** Reads the text of an attachment from a request; undefined when it is not sent. Throws `GatewayError`. */
export type AttachmentReader = (request: RequestView) => string | undefined;

/** Bytes of an attachment in UTF-8. */
const MAX_BYTES = 8192;

/**
 * Compiles an attachment: a text, or a JSON string, number or boolean as text; null and an absent source send nothing.
 * Control characters, objects, arrays and more than 8 KiB are a 400.
 *
 * @throws ArgumentPlanError for an object, `merge`, `query.x[]` or a Java type, which an attachment cannot have
 */
export function compileAttachment(spec: ArgumentSpec): AttachmentReader {
  if (spec.kind === 'value') {
    const text = constantText(spec.value);
    return () => text;
  }
  if (spec.kind !== 'source') throw new ArgumentPlanError('an attachment is one text, not an object');
  const { source, required } = spec;
  const name = formatSource(source);
  if (source.kind === 'query' && source.all)
    throw new ArgumentPlanError(`an attachment is one text; ${name} is a list`);
  if (spec.type !== undefined) throw new ArgumentPlanError('an attachment is text and takes no type');
  const fallback = 'default' in spec ? constantText(spec.default) : undefined;
  const hasFallback = 'default' in spec;

  return (request) => {
    let text: string | undefined;
    let present: boolean;
    if (isDocumentSource(source)) {
      const doc = source.kind === 'body' ? request.body : request.claims;
      if (doc === undefined && source.kind === 'jwt' && required && !hasFallback) {
        throw new GatewayError('UNAUTHENTICATED', `the route needs ${name} of a verified caller`);
      }
      const node = doc === undefined ? NO_NODE : doc.at(source.path);
      present = node !== NO_NODE;
      if (present) text = nodeText(doc!, node, source);
    } else {
      text = readText(source, request);
      present = text !== undefined;
    }
    if (!present) {
      if (required && !hasFallback) throw missingArgument(name);
      return fallback;
    }
    if (text !== undefined) check(text, name);
    return text;
  };
}

function nodeText(doc: JsonDocument, node: number, source: ArgumentSource): string | undefined {
  try {
    return scalarText(doc, node);
  } catch (error) {
    throw argumentError(error, source);
  }
}

function scalarText(doc: JsonDocument, node: number): string | undefined {
  switch (doc.kind(node)) {
    case JsonKind.String:
      return doc.stringValue(node);
    case JsonKind.Number:
      return doc.numberText(node);
    case JsonKind.True:
      return 'true';
    case JsonKind.False:
      return 'false';
    case JsonKind.Null:
      return undefined;
    default:
      throw new ConversionError('a string, number or boolean', doc, node);
  }
}

function constantText(value: unknown): string | undefined {
  const doc = constantDocument(value);
  let text: string | undefined;
  try {
    text = scalarText(doc, doc.root);
  } catch (error) {
    throw error instanceof ConversionError
      ? new ArgumentPlanError(`the constant of an attachment must be ${error.expected}`)
      : error;
  }
  const fault = text === undefined ? undefined : textFault(text);
  if (fault !== undefined) throw new ArgumentPlanError(`the constant of an attachment ${fault}`);
  return text;
}

function check(text: string, source: string): void {
  const fault = textFault(text);
  if (fault === undefined) return;
  throw new GatewayError('REQUEST_INVALID', `${source} ${fault}`, { extensions: { argument: source } });
}

/** What is wrong with a text as an attachment. Control characters could forge lines in a provider's log. */
function textFault(text: string): string | undefined {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES) return `must be at most ${MAX_BYTES} bytes long`;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f) return 'must not hold control characters';
  }
  return undefined;
}
