import type { ArgumentSource } from '../../config/argument-spec.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { formatJsonPath, pathTo } from '../../json/json-path.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { ClassKeyError, ConversionError } from './conversion-error.ts';
import { formatSource } from './source-text.ts';

/** Characters of a caller's value that an error repeats. */
const SHOWN_CHARACTERS = 40;
/** Characters of a path that an error repeats: keys can be as long as the body. */
const PATH_CHARACTERS = 300;

/**
 * What a caller is told of a value that does not fit: `body.items[3].price must be an int, got "abc"`, with `argument`
 * (the source as configured) and, inside a document, `path` (`$.items[3].price`). Values of headers, cookies and claims
 * are not repeated: they may be credentials, and the sentence reaches the log. Other errors come back as they are.
 */
export function argumentError(error: unknown, source: ArgumentSource): unknown {
  if (error instanceof ConversionError) {
    const { doc, node, text, expected } = error;
    const path = doc === undefined ? undefined : pathTo(doc, node);
    const got = isSecret(source) ? '' : `, got ${doc === undefined ? quote(text ?? '') : describe(doc, node)}`;
    const detail = `${place(source, path)} must be ${expected}${got}`;
    return new GatewayError('REQUEST_INVALID', detail, { extensions: extensions(source, path) });
  }
  if (error instanceof ClassKeyError) {
    const path = pathTo(error.doc, error.node);
    const detail = `${place(source, path)} is not allowed: it would choose a Java class`;
    return new GatewayError('REQUEST_CLASS_KEY', detail, { extensions: extensions(source, path) });
  }
  return error;
}

/** What a caller is told of a value that is not there. */
export function missingArgument(source: string): GatewayError {
  return new GatewayError('REQUEST_INVALID', `${source} is required`, { extensions: { argument: source } });
}

function isSecret(source: ArgumentSource): boolean {
  return source.kind === 'header' || source.kind === 'cookie' || source.kind === 'jwt';
}

/** Where the value stood in the request: the source, or the place inside its document. */
function place(source: ArgumentSource, path: readonly (string | number)[] | undefined): string {
  return path === undefined ? formatSource(source) : cut(formatJsonPath(source.kind, path), PATH_CHARACTERS);
}

function extensions(source: ArgumentSource, path: readonly (string | number)[] | undefined): Record<string, unknown> {
  const argument = formatSource(source);
  return path === undefined ? { argument } : { argument, path: cut(formatJsonPath('$', path), PATH_CHARACTERS) };
}

function describe(doc: JsonDocument, node: number): string {
  switch (doc.kind(node)) {
    case JsonKind.Object:
      return 'an object';
    case JsonKind.Array:
      return 'an array';
    case JsonKind.String:
      return quote(doc.stringValue(node));
    case JsonKind.Number:
      return cut(doc.numberText(node), SHOWN_CHARACTERS);
    case JsonKind.True:
      return 'true';
    case JsonKind.False:
      return 'false';
    case JsonKind.Null:
      return 'null';
  }
}

function quote(text: string): string {
  return JSON.stringify(cut(text, SHOWN_CHARACTERS));
}

function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  // Not between the two halves of a surrogate pair.
  const last = text.charCodeAt(characters - 1);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? characters - 1 : characters)}…`;
}
