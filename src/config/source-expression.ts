import type { ArgumentSource } from './argument-spec.ts';
import { nearestName } from './nearest-name.ts';
import { parseValuePath, ValuePathError } from './value-path.ts';

/**
 * A source expression that cannot be read. `offset` is the place in the text, from 0. The message does not repeat the
 * text, which may come from a secret; `suggestion` is the whole expression that is most likely meant.
 */
export class SourceExpressionError extends Error {
  readonly offset: number;
  readonly suggestion: string | undefined;

  constructor(message: string, offset: number, suggestion?: string) {
    super(message);
    this.name = 'SourceExpressionError';
    this.offset = offset;
    this.suggestion = suggestion;
  }
}

const KINDS = ['path', 'query', 'header', 'cookie', 'body', 'jwt', 'client', 'request'] as const;
type Kind = (typeof KINDS)[number];

/** A token of RFC 9110, the form of header and cookie names. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/**
 * Reads a source expression: `path.id`, `query.x`, `query.x[]`, `header.x-tenant`, `cookie.x`, `body`, `body.a.b[0]`,
 * `body["a b"].c`, `jwt.sub`, `client.ip`, `request.id`. After `path.`, `query.`, `header.` and `cookie.` the rest of
 * the text is the name. Header names become lower-case. Throws `SourceExpressionError`.
 */
export function parseSourceExpression(text: string): ArgumentSource {
  const kind = /^[^.[]*/.exec(text)![0];
  if (!isKind(kind)) throw unknownKind(text, kind);
  const name = text.slice(kind.length + 1);
  switch (kind) {
    case 'body':
      return { kind, path: readSteps(text, kind) };
    case 'jwt':
      if (text === kind) throw new SourceExpressionError('expected a claim, such as jwt.sub', text.length);
      return { kind, path: readSteps(text, kind) };
    case 'client':
      return fixed(text, 'client.ip');
    case 'request':
      return fixed(text, 'request.id');
    case 'path':
      requireName(text, kind, name);
      return { kind, name };
    case 'query': {
      requireName(text, kind, name);
      const all = name.length > 2 && name.endsWith('[]');
      return { kind, name: all ? name.slice(0, -2) : name, all };
    }
    default:
      requireName(text, kind, name);
      if (!TOKEN.test(name)) {
        throw new SourceExpressionError(`expected the name of a ${kind} without spaces or separators`, kind.length + 1);
      }
      return { kind, name: kind === 'header' ? name.toLowerCase() : name };
  }
}

function isKind(text: string): text is Kind {
  return (KINDS as readonly string[]).includes(text);
}

function readSteps(text: string, kind: 'body' | 'jwt'): readonly (string | number)[] {
  try {
    return parseValuePath(text, kind.length);
  } catch (error) {
    if (error instanceof ValuePathError) throw new SourceExpressionError(error.message, error.offset);
    throw error;
  }
}

function fixed(text: string, whole: 'client.ip' | 'request.id'): ArgumentSource {
  if (text === whole) return { kind: whole };
  throw new SourceExpressionError(`expected ${whole}`, whole.indexOf('.'), whole);
}

function requireName(text: string, kind: Kind, name: string): void {
  if (text[kind.length] !== '.' || name === '') {
    throw new SourceExpressionError(`expected a name, such as ${kind}.id`, Math.min(kind.length + 1, text.length));
  }
}

function unknownKind(text: string, kind: string): SourceExpressionError {
  const near = nearestName(kind, KINDS) ?? ALIASES.get(kind.toLowerCase());
  const message = `a source starts with one of ${KINDS.join(', ')}; a constant is written { value: … }`;
  return new SourceExpressionError(message, 0, near === undefined ? undefined : near + text.slice(kind.length));
}

/** Words of other gateways and frameworks for the same thing. */
const ALIASES: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['params', 'path'],
  ['param', 'path'],
  ['pathparam', 'path'],
  ['queryparam', 'query'],
  ['querystring', 'query'],
  ['headers', 'header'],
  ['cookies', 'cookie'],
  ['json', 'body'],
  ['payload', 'body'],
  ['claims', 'jwt'],
  ['token', 'jwt'],
]);
