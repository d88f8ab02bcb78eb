import { parseClassHead } from '../java/class-types.ts';
import { type JavaType, JavaTypeError, parseJavaType, SHORT_NAMES } from '../java/java-type.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import type { GatewayConfig } from './schema.ts';

/** Number of type variables by class name: of the classes under `types` and of the JDK's generic ones. */
export type KnownClasses = ReadonlyMap<string, number>;

const PRIMITIVES: readonly string[] = ['boolean', 'byte', 'short', 'int', 'long', 'float', 'double', 'char'];

const JDK_GENERICS: readonly (readonly [string, number])[] = [
  ...['List', 'Set', 'Collection', 'ArrayList', 'LinkedList', 'HashSet', 'LinkedHashSet', 'TreeSet', 'SortedSet'].map(
    (name) => [`java.util.${name}`, 1] as const,
  ),
  ...['Queue', 'Deque', 'Vector', 'Optional', 'Iterator'].map((name) => [`java.util.${name}`, 1] as const),
  ...['Map', 'HashMap', 'LinkedHashMap', 'TreeMap', 'SortedMap', 'Hashtable'].map(
    (name) => [`java.util.${name}`, 2] as const,
  ),
  ['java.util.concurrent.ConcurrentHashMap', 2],
  ['java.lang.Iterable', 1],
  ['java.lang.Class', 1],
];

/** Full names of JDK classes without type variables that people write, to find the one they meant. */
const JDK_PLAIN: readonly string[] = [
  ...[...SHORT_NAMES.values()],
  ...['Instant', 'LocalDate', 'LocalTime', 'LocalDateTime', 'ZonedDateTime', 'OffsetDateTime', 'Duration', 'Year'].map(
    (name) => `java.time.${name}`,
  ),
  ...['Date', 'Time', 'Timestamp'].map((name) => `java.sql.${name}`),
  ...['Locale', 'Currency', 'Calendar', 'TimeZone', 'BitSet'].map((name) => `java.util.${name}`),
  ...['AtomicInteger', 'AtomicLong', 'AtomicBoolean'].map((name) => `java.util.concurrent.atomic.${name}`),
  'java.lang.Number',
  'java.lang.CharSequence',
  'java.lang.Enum',
];

/** Checks `types:` and returns the classes that type texts may use with type arguments. */
export function checkTypes(types: GatewayConfig['types'], reporter: Reporter): KnownClasses {
  const known = new Map<string, number>([...JDK_PLAIN.map((name) => [name, 0] as const), ...JDK_GENERICS]);
  const variablesOf = new Map<string, readonly string[]>();
  const writtenAs = new Map<string, string>();
  for (const head of Object.keys(types)) {
    const path = ['types', head];
    try {
      const { name, variables } = parseClassHead(head);
      const other = writtenAs.get(name);
      if (other !== undefined) {
        reporter.report(path, `class ${name} is already declared in ${reporter.where(['types', other], path)}`, {
          atKey: true,
        });
      }
      writtenAs.set(name, head);
      known.set(name, variables.length);
      variablesOf.set(head, variables);
    } catch (error) {
      if (!(error instanceof JavaTypeError)) throw error;
      const message = `"${head}" is no class: ${error.message} at character ${error.offset + 1}`;
      reporter.report(path, message, { atKey: true });
    }
  }
  for (const [head, fields] of Object.entries(types)) {
    const variables = variablesOf.get(head) ?? [];
    for (const [field, text] of Object.entries(fields)) {
      checkTypeText(text, ['types', head, field], known, variables, reporter);
    }
  }
  return known;
}

/** Checks one type text: its form, its class names as far as they are known, the number of type arguments. */
export function checkTypeText(
  text: string,
  path: ConfigPath,
  known: KnownClasses,
  variables: readonly string[],
  reporter: Reporter,
): void {
  let type: JavaType;
  try {
    type = parseJavaType(text);
  } catch (error) {
    if (!(error instanceof JavaTypeError)) throw error;
    const isCut = text.split('<').length > text.split('>').length;
    const hint = isCut ? '; inside { } and [ ] a type with a comma is written in quotes' : '';
    reporter.report(path, `${reporter.show(path)} is no Java type: ${error.message}${hint}`, { offset: error.offset });
    return;
  }
  checkNames(type, path, known, variables, reporter);
}

function checkNames(
  type: JavaType,
  path: ConfigPath,
  known: KnownClasses,
  variables: readonly string[],
  reporter: Reporter,
): void {
  for (const argument of type.typeArguments) checkNames(argument, path, known, variables, reporter);
  const arity = variables.includes(type.name) || PRIMITIVES.includes(type.name) ? 0 : known.get(type.name);
  const count = type.typeArguments.length;
  if (arity === undefined) checkUnknownName(type.name, path, known, variables, reporter);
  else if (count > 0 && count !== arity) {
    const takes = arity === 0 ? 'no type arguments' : arity === 1 ? '1 type argument' : `${arity} type arguments`;
    reporter.report(path, `${shownName(type.name, path, reporter)} takes ${takes}, not ${count}`);
  }
}

/** A class with a package may be any class of the providers; a misspelt one of the JDK is most likely a mistake. */
function checkUnknownName(
  name: string,
  path: ConfigPath,
  known: KnownClasses,
  variables: readonly string[],
  reporter: Reporter,
): void {
  const shown = shownName(name, path, reporter);
  if (!name.includes('.')) {
    const near = reporter.nearest(path, name, [...variables, ...PRIMITIVES, ...SHORT_NAMES.keys()]);
    const suggestion = near ?? simpleNameOf(name, known);
    reporter.report(path, `${shown} is no primitive type and has no package`, { suggestion });
  } else if (name.startsWith('java.')) {
    const suggestion = reporter.nearest(path, name, known.keys());
    const isTypo = suggestion?.slice(0, suggestion.lastIndexOf('.')) === name.slice(0, name.lastIndexOf('.'));
    if (isTypo) reporter.report(path, `${shown} is not a class that is known`, { severity: 'warning', suggestion });
  }
}

function shownName(name: string, path: ConfigPath, reporter: Reporter): string {
  return reporter.isSecret(path) ? reporter.show(path) : name;
}

function simpleNameOf(name: string, known: KnownClasses): string | undefined {
  for (const full of known.keys()) if (full.endsWith(`.${name}`)) return full;
  return undefined;
}
