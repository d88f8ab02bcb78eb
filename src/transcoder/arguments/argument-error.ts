import { GatewayError } from '../../errors/gateway-error.ts';
import { type JsonDocument, JsonKind } from '../../json/json-document.ts';
import { formatJsonPath, pathTo } from '../../json/json-path.ts';
import { ClassKeyError, ConversionError } from './conversion-error.ts';

/** Characters of a caller's value that an error repeats. */
const SHOWN_CHARACTERS = 40;
/** Characters of a path that an error repeats: keys can be as long as the body. */
const PATH_CHARACTERS = 300;

/**
 * What a caller is told of a value that does not fit: `body.items[3].price must be an int, got "abc"`, with `argument`
 * (the source as configured) and, inside a document, `path` (`$.items[3].price`). Other errors come back as they are.
 *
 * @param source the source as configured, such as `query.page`
 * @param root name of the document the source reads: `body`, `jwt`; unused for texts
 */
export function argumentError(error: unknown, source: string, root: string): unknown {
  if (error instanceof ConversionError) {
    const { doc, node, text, expected } = error;
    if (doc === undefined) return invalid(`${source} must be ${expected}, got ${quote(text ?? '')}`, source);
    const path = pathTo(doc, node);
    const place = cut(formatJsonPath(root, path), PATH_CHARACTERS);
    return invalid(`${place} must be ${expected}, got ${describe(doc, node)}`, source, path);
  }
  if (error instanceof ClassKeyError) {
    const path = error.doc === undefined ? undefined : pathTo(error.doc, error.node);
    const place = path === undefined ? source : cut(formatJsonPath(root, path), PATH_CHARACTERS);
    return new GatewayError('REQUEST_CLASS_KEY', `${place} is not allowed: it would choose a Java class`, {
      extensions: extensions(source, path),
    });
  }
  return error;
}

/** What a caller is told of a value that is not there. */
export function missingArgument(source: string): GatewayError {
  return invalid(`${source} is required`, source);
}

function invalid(detail: string, source: string, path?: readonly (string | number)[]): GatewayError {
  return new GatewayError('REQUEST_INVALID', detail, { extensions: extensions(source, path) });
}

function extensions(source: string, path: readonly (string | number)[] | undefined): Record<string, unknown> {
  return path === undefined
    ? { argument: source }
    : { argument: source, path: cut(formatJsonPath('$', path), PATH_CHARACTERS) };
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
