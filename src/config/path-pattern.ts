/** A path pattern that cannot be used; `offset` is the place in the text, from 0. */
export class PathPatternError extends Error {
  readonly offset: number;
  readonly suggestion: string | undefined;

  constructor(message: string, offset: number, suggestion?: string) {
    super(message);
    this.name = 'PathPatternError';
    this.offset = offset;
    this.suggestion = suggestion;
  }
}

/** What a path pattern binds, and the form in which two patterns that match the same paths are equal. */
export interface PathPattern {
  /** Names of `:name` segments in order, then `*` where the pattern ends with it. */
  readonly parameters: readonly string[];
  /** The pattern with all names cut: `/users/:/orders/:`. */
  readonly canonical: string;
}

const PARAMETER = /^:[A-Za-z_]\w*$/;

/**
 * Reads the path of a route: `:name` stands for one segment, a last segment `*` for the rest of the path. Throws
 * `PathPatternError`.
 */
export function parsePathPattern(text: string): PathPattern {
  if (!text.startsWith('/')) throw new PathPatternError('a path starts with "/"', 0, `/${text}`);
  checkCharacters(text);
  const parameters: string[] = [];
  const canonical: string[] = [];
  const segments = text.slice(1).split('/');
  let offset = 1;
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '' && !isLast) throw new PathPatternError('"//" never matches: a segment is empty', offset);
    const name = parameterName(segment, offset, isLast);
    if (name !== undefined && parameters.includes(name)) {
      throw new PathPatternError(`:${name} is there twice`, offset);
    }
    if (name !== undefined) parameters.push(name);
    canonical.push(name === undefined ? segment : name === '*' ? '*' : ':');
    offset += segment.length + 1;
  }
  return { parameters, canonical: `/${canonical.join('/')}` };
}

function parameterName(segment: string, offset: number, isLast: boolean): string | undefined {
  if (segment === '*') {
    if (isLast) return segment;
    throw new PathPatternError('"*" stands for the rest of the path and comes last', offset);
  }
  const star = segment.indexOf('*');
  if (star !== -1) throw new PathPatternError('"*" takes the whole last segment, as in /files/*', offset + star);
  const colon = segment.indexOf(':');
  if (colon === -1) return undefined;
  if (colon > 0) throw new PathPatternError('a parameter takes a whole segment, as in /users/:id', offset + colon);
  if (PARAMETER.test(segment)) return segment.slice(1);
  throw new PathPatternError('":" is followed by a name of letters, digits and "_"', offset + 1);
}

function checkCharacters(text: string): void {
  const braces = /\{(\w+)\}/.exec(text);
  if (braces !== null) {
    const suggestion = text.replaceAll(/\{(\w+)\}/g, ':$1');
    throw new PathPatternError('a parameter is written :name', braces.index, suggestion);
  }
  const query = text.search(/[?#]/);
  if (query !== -1) {
    throw new PathPatternError('a path ends before "?" and "#"; conditions on the query stand under "query"', query);
  }
  const other = text.search(/[\s\\{}()[\]<>"^`|]/);
  if (other !== -1) throw new PathPatternError('a path has no spaces, brackets, quotes or "\\"', other);
}
