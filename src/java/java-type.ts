/**
 * A Java type as written in the configuration: `int`, `java.util.List<com.acme.Item>`, `byte[]`, `com.acme.Page<T>`.
 * `name` is the erased class or primitive name without array brackets.
 */
export interface JavaType {
  readonly name: string;
  readonly typeArguments: readonly JavaType[];
  /** Number of array dimensions: 2 for `int[][]`. */
  readonly dimensions: number;
  /**
   * Set where a Dubbo provider does not find out that a value has this type: it took the place of a type variable (`T` of
   * `Page<T>`, which Java forgets) or of a wildcard (`? extends User`). Such a value has to name its class itself.
   */
  readonly unseen?: true;
}

/** A type text that cannot be read; `offset` is the place in the text, from 0. */
export class JavaTypeError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'JavaTypeError';
    this.offset = offset;
  }
}

/** Nesting of type arguments that is read; no real signature comes near it. */
const MAX_NESTING = 16;

const NAME = /[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*/y;

/** Short names people write for classes of `java.lang`, `java.util` and `java.math`; they stand for the full name. */
export const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ...['Boolean', 'Byte', 'Short', 'Integer', 'Long', 'Float', 'Double', 'Character', 'String', 'Object'].map(
    (name): [string, string] => [name, `java.lang.${name}`],
  ),
  ...['Date', 'List', 'Map', 'Set', 'Collection', 'UUID'].map((name): [string, string] => [name, `java.util.${name}`]),
  ['BigDecimal', 'java.math.BigDecimal'],
  ['BigInteger', 'java.math.BigInteger'],
]);

/**
 * Reads a type text: a primitive, a class with or without type arguments, an array of them. `?` and `? super X` stand
 * for `java.lang.Object` and `X`. Throws `JavaTypeError`.
 */
export function parseJavaType(text: string): JavaType {
  const [type, end] = parseType(text, skipSpace(text, 0), 0);
  if (end !== text.length) throw new JavaTypeError('expected the end of the type', end);
  return type;
}

/** The name Dubbo's `$invoke` takes: generics cut, array brackets kept (`java.util.List`, `byte[]`). */
export function erasedTypeName(type: JavaType): string {
  return type.name + '[]'.repeat(type.dimensions);
}

/** The type as text again, with its type arguments. */
export function formatJavaType(type: JavaType): string {
  const args = type.typeArguments.length === 0 ? '' : `<${type.typeArguments.map(formatJavaType).join(', ')}>`;
  return type.name + args + '[]'.repeat(type.dimensions);
}

/** The same type where a provider does not see it, with its type arguments. */
export function asUnseen(type: JavaType): JavaType {
  return { ...type, typeArguments: type.typeArguments.map(asUnseen), unseen: true };
}

/** The element type of an array type (one dimension less). */
export function elementType(type: JavaType): JavaType {
  return { ...type, dimensions: type.dimensions - 1 };
}

function parseType(text: string, start: number, nesting: number): [JavaType, number] {
  if (nesting > MAX_NESTING)
    throw new JavaTypeError(`more than ${MAX_NESTING} type arguments inside each other`, start);
  if (text[start] === '?') return parseWildcard(text, start, nesting);
  NAME.lastIndex = start;
  const match = NAME.exec(text);
  if (match === null) throw new JavaTypeError('expected a Java type name', start);
  let at = skipSpace(text, NAME.lastIndex);
  const typeArguments: JavaType[] = [];
  if (text[at] === '<') {
    do {
      const [argument, end] = parseType(text, skipSpace(text, at + 1), nesting + 1);
      typeArguments.push(argument);
      at = end;
    } while (text[at] === ',');
    if (text[at] !== '>') throw new JavaTypeError('expected "," or ">"', at);
    at = skipSpace(text, at + 1);
  }
  let dimensions = 0;
  while (text[at] === '[') {
    if (text[at + 1] !== ']') throw new JavaTypeError('expected "[]"', at);
    dimensions++;
    at = skipSpace(text, at + 2);
  }
  return [{ name: SHORT_NAMES.get(match[0]) ?? match[0], typeArguments, dimensions }, at];
}

/** A wildcard stands for its bound; a provider does not look behind it. */
function parseWildcard(text: string, start: number, nesting: number): [JavaType, number] {
  const at = skipSpace(text, start + 1);
  for (const word of ['extends ', 'super ']) {
    if (!text.startsWith(word, at)) continue;
    const [bound, end] = parseType(text, skipSpace(text, at + word.length), nesting + 1);
    return [asUnseen(bound), end];
  }
  return [{ name: 'java.lang.Object', typeArguments: [], dimensions: 0 }, at];
}

function skipSpace(text: string, at: number): number {
  let position = at;
  while (text[position] === ' ') position++;
  return position;
}
