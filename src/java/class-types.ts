import { asUnseen, formatJavaType, type JavaType, JavaTypeError, parseJavaType } from './java-type.ts';

/** The field types of the configured Java classes (`types:`), looked up one level at a time. */
export interface ClassTypes {
  /**
   * The declared fields of a class type with its type arguments filled in: `T` is `User` for `com.acme.Page<User>`. A
   * type argument that is not given is `java.lang.Object`, and one that is filled in is `unseen`. Undefined for an undeclared class, a primitive or an array.
   * The same type gives the same map each time, so a class that holds itself can be followed step by step.
   */
  fieldTypes(type: JavaType): ReadonlyMap<string, JavaType> | undefined;
}

/** One entry of `types:`: a class name, its type variables in order, its fields as declared. */
export interface ClassDeclaration {
  readonly name: string;
  readonly variables: readonly string[];
  readonly fields: ReadonlyMap<string, JavaType>;
}

/** Fields by name, by class as written: `{ 'com.acme.Page<T>': { items: 'java.util.List<T>' } }`. */
export type ClassTypesInput = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Builds the lookup from the `types:` section of a checked configuration. Throws `JavaTypeError` for a class or field
 * type that cannot be read.
 */
export function createClassTypes(types: ClassTypesInput): ClassTypes {
  const declarations = new Map<string, ClassDeclaration>();
  for (const [head, fields] of Object.entries(types)) {
    const { name, variables } = parseClassHead(head);
    const fieldTypes = Object.entries(fields).map(([field, text]): [string, JavaType] => [field, parseJavaType(text)]);
    declarations.set(name, { name, variables, fields: new Map(fieldTypes) });
  }
  const resolved = new Map<string, ReadonlyMap<string, JavaType>>();

  function fieldTypes(type: JavaType): ReadonlyMap<string, JavaType> | undefined {
    if (type.dimensions > 0) return undefined;
    const declaration = declarations.get(type.name);
    if (declaration === undefined) return undefined;
    if (declaration.variables.length === 0) return declaration.fields;
    const key = formatJavaType(type);
    let fields = resolved.get(key);
    if (fields === undefined) {
      fields = substituteFields(declaration, type.typeArguments);
      resolved.set(key, fields);
    }
    return fields;
  }

  return { fieldTypes };
}

/**
 * Reads a key of `types:`, `com.acme.Page` or `com.acme.Page<T, U>`, into the class name and its type variables.
 * Throws `JavaTypeError`.
 */
export function parseClassHead(text: string): { readonly name: string; readonly variables: readonly string[] } {
  const type = parseJavaType(text);
  if (type.dimensions > 0) throw new JavaTypeError('expected a class, not an array', text.indexOf('['));
  const variables: string[] = [];
  for (const variable of type.typeArguments) {
    const simple = variable.typeArguments.length === 0 && variable.dimensions === 0 && !variable.name.includes('.');
    if (!simple) throw new JavaTypeError('expected a type variable such as T', text.indexOf('<') + 1);
    if (variables.includes(variable.name)) {
      throw new JavaTypeError(`type variable ${variable.name} is there twice`, text.lastIndexOf(variable.name));
    }
    variables.push(variable.name);
  }
  return { name: type.name, variables };
}

const OBJECT: JavaType = { name: 'java.lang.Object', typeArguments: [], dimensions: 0 };

/**
 * Type arguments inside each other that are kept. Only a class whose own field grows it (`Node<T>` with a field
 * `Node<Pair<T, T>>`) gets deeper, and it would grow without end.
 */
const MAX_ARGUMENT_NESTING = 8;

function substituteFields(declaration: ClassDeclaration, args: readonly JavaType[]): ReadonlyMap<string, JavaType> {
  const bindings = new Map(declaration.variables.map((variable, index) => [variable, asUnseen(args[index] ?? OBJECT)]));
  const fields = new Map<string, JavaType>();
  for (const [field, type] of declaration.fields) fields.set(field, cutNesting(substitute(type, bindings), 0));
  return fields;
}

function substitute(type: JavaType, bindings: ReadonlyMap<string, JavaType>): JavaType {
  const bound = bindings.get(type.name);
  if (bound !== undefined) return { ...bound, dimensions: bound.dimensions + type.dimensions };
  if (type.typeArguments.length === 0) return type;
  return { ...type, typeArguments: type.typeArguments.map((argument) => substitute(argument, bindings)) };
}

function cutNesting(type: JavaType, nesting: number): JavaType {
  if (type.typeArguments.length === 0) return type;
  if (nesting >= MAX_ARGUMENT_NESTING) return { ...type, typeArguments: [] };
  return { ...type, typeArguments: type.typeArguments.map((argument) => cutNesting(argument, nesting + 1)) };
}
