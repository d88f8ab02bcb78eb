import type { ClassTypes } from '../../java/class-types.ts';
import { elementType, formatJavaType, type JavaType } from '../../java/java-type.ts';
import { ArgumentPlanError } from './argument-plan-error.ts';
import { BytesConverter } from './bytes-converter.ts';
import { ClassConverter } from './class-converter.ts';
import type { AllowedClasses } from './class-key.ts';
import { COLLECTION_CLASSES, MAP_CLASSES, SORTED_MAP_CLASSES } from './container-classes.ts';
import { BigDecimalConverter, BigIntegerConverter, DoubleConverter } from './decimal-converter.ts';
import { IntegerConverter, LongConverter } from './integer-converter.ts';
import { JdkValueConverter } from './jdk-value-converter.ts';
import { JDK_VALUE_FORMS } from './jdk-value-forms.ts';
import { JsonValueConverter } from './json-value-converter.ts';
import { ListConverter } from './list-converter.ts';
import { MapConverter } from './map-converter.ts';
import { BooleanConverter, CharConverter, ClassNameConverter, StringConverter } from './text-converters.ts';
import { TextKeyConverter } from './text-key-converter.ts';
import { UnseenClassConverter } from './unseen-class-converter.ts';
import { UNSENDABLE_CLASSES, UNSENDABLE_UNSEEN_CLASSES } from './unsendable-classes.ts';
import type { ValueConverter } from './value-converter.ts';

const OBJECT: JavaType = { name: 'java.lang.Object', typeArguments: [], dimensions: 0 };
const STRING: JavaType = { name: 'java.lang.String', typeArguments: [], dimensions: 0 };

/** A few declared classes with type arguments can combine to very many types; more than this is a mistake. */
const MAX_TYPES = 10_000;

/** The converters of Java types, each compiled once. */
export class TypeConverters {
  readonly #classes: ClassTypes;
  readonly #allowed: AllowedClasses;
  readonly #converters = new Map<string, ValueConverter>();
  readonly #untyped: JsonValueConverter;
  /** Classes whose fields are still to be compiled. */
  readonly #undeclared: { readonly converter: ClassConverter; readonly fields: ReadonlyMap<string, JavaType> }[] = [];

  /** @param allowed classes that a `class` key may name; undefined for values of the configuration */
  constructor(classes: ClassTypes, allowed: AllowedClasses) {
    this.#classes = classes;
    this.#allowed = allowed;
    this.#untyped = new JsonValueConverter(allowed);
  }

  /** The converter of a type. Throws `ArgumentPlanError` for a type that no generic call can carry. */
  of(type: JavaType): ValueConverter {
    const converter = this.#compile(type);
    // The list grows while it is walked.
    for (const { converter: ofClass, fields } of this.#undeclared) {
      for (const [name, fieldType] of fields) ofClass.declare(name, this.#compile(fieldType));
    }
    this.#undeclared.length = 0;
    return converter;
  }

  /** The type of a named member of an object type: of a declared field, of a map's values, else Object. */
  memberType(type: JavaType, name: string): JavaType {
    if (MAP_CLASSES.has(type.name)) return type.typeArguments[1] ?? OBJECT;
    if (type.name === 'java.util.Properties') return STRING;
    return this.#classes.fieldTypes(type)?.get(name) ?? OBJECT;
  }

  /** Fields of a class are left for later: a class may hold itself, and classes may lead to very many others. */
  #compile(type: JavaType): ValueConverter {
    const key = converterKey(type);
    const known = this.#converters.get(key);
    if (known !== undefined) return known;
    if (this.#converters.size >= MAX_TYPES) {
      throw new ArgumentPlanError(`the fields of the classes lead to more than ${MAX_TYPES} types`);
    }
    const converter = this.#simple(type) ?? this.#class(type) ?? this.#untyped;
    this.#converters.set(key, converter);
    return converter;
  }

  /** A class that is declared, or one that must be named because the provider does not see it. */
  #class(type: JavaType): ClassConverter | undefined {
    const className = type.unseen && !/^javax?\./.test(type.name) ? type.name : undefined;
    const fields = this.#classes.fieldTypes(type);
    if (fields !== undefined) {
      const converter = new ClassConverter(this.#untyped, className, this.#allowed);
      this.#undeclared.push({ converter, fields });
      return converter;
    }
    return className === undefined ? undefined : new UnseenClassConverter(this.#untyped, className, this.#allowed);
  }

  #simple(type: JavaType): ValueConverter | undefined {
    const { name, typeArguments, dimensions } = type;
    if (dimensions > 0) {
      if (dimensions === 1 && name === 'byte') return new BytesConverter();
      if (dimensions === 1 && name === 'char') return new StringConverter();
      return new ListConverter(this.#compile(elementType(type)));
    }
    refuseUnsendable(type);
    if (COLLECTION_CLASSES.has(name)) {
      const element = this.#compile(elementOfCollection(typeArguments[0] ?? OBJECT));
      return new ListConverter(element, type.unseen ? COLLECTION_CLASSES.get(name) : undefined);
    }
    if (MAP_CLASSES.has(name)) return this.#map(type);
    if (name === 'java.util.Properties') {
      return new MapConverter(new StringConverter(), new StringConverter(), name, this.#allowed);
    }
    if (name === 'java.math.BigDecimal') return new BigDecimalConverter(type.unseen === true);
    const form = JDK_VALUE_FORMS.get(name);
    return form === undefined ? scalar(name, this.#allowed) : new JdkValueConverter(form);
  }

  #map(type: JavaType): ValueConverter {
    const [keyType = OBJECT, valueType = OBJECT] = type.typeArguments;
    const key = mapKey(this.#compile(keyType), type);
    return new MapConverter(key, this.#compile(valueType), MAP_CLASSES.get(type.name), this.#allowed);
  }
}

/** The converter of a map's keys, which JSON has as text. */
function mapKey(key: ValueConverter, type: JavaType): ValueConverter {
  if (!key.acceptsText || key instanceof ListConverter) {
    throw new ArgumentPlanError(`${formatJavaType(type)} cannot be made of JSON, whose keys are text`);
  }
  if (!SORTED_MAP_CLASSES.has(MAP_CLASSES.get(type.name) ?? '') || isSentAsText(key)) return key;
  const isNumberOrBoolean =
    key instanceof IntegerConverter ||
    key instanceof LongConverter ||
    key instanceof DoubleConverter ||
    key instanceof BooleanConverter;
  if (isNumberOrBoolean && !type.unseen) return new TextKeyConverter(key);
  throw new ArgumentPlanError(
    `${formatJavaType(type)} cannot be sent: Dubbo compares the keys of a sorted map with text; ` +
      'the method has to take java.util.Map instead',
  );
}

function isSentAsText(key: ValueConverter): boolean {
  return (
    key instanceof StringConverter ||
    key instanceof CharConverter ||
    key instanceof JsonValueConverter ||
    key instanceof BigIntegerConverter ||
    (key instanceof BigDecimalConverter && !key.asObject)
  );
}

/**
 * Dubbo looks for the class of a collection's elements, but not of elements that have type arguments themselves:
 * `List<Page<User>>`. What is inside those it finds again.
 */
function elementOfCollection(type: JavaType): JavaType {
  return type.typeArguments.length === 0 ? type : { ...type, unseen: true };
}

/** The type as text, and where the provider does not see it: both decide what is sent. */
function converterKey(type: JavaType): string {
  const args = type.typeArguments.map(converterKey).join(',');
  return `${type.unseen ? '?' : ''}${type.name}<${args}>${type.dimensions}`;
}

function refuseUnsendable(type: JavaType): void {
  const { name, unseen } = type;
  const refused = UNSENDABLE_CLASSES.get(name) ?? (unseen ? UNSENDABLE_UNSEEN_CLASSES.get(name) : undefined);
  if (refused === undefined) return;
  const place = UNSENDABLE_CLASSES.has(name) ? '' : ' in the place of a type variable or wildcard';
  throw new ArgumentPlanError(
    `${name} cannot be sent${place}: ${refused.reason}; the method has to take ${refused.instead} instead`,
  );
}

function scalar(name: string, allowed: AllowedClasses): ValueConverter | undefined {
  switch (name) {
    case 'boolean':
      return new BooleanConverter(true);
    case 'java.lang.Boolean':
      return new BooleanConverter(false);
    case 'byte':
      return new IntegerConverter('byte', 8, true);
    case 'java.lang.Byte':
      return new IntegerConverter('byte', 8, false);
    case 'short':
      return new IntegerConverter('short', 16, true);
    case 'java.lang.Short':
      return new IntegerConverter('short', 16, false);
    case 'int':
      return new IntegerConverter('int', 32, true);
    case 'java.lang.Integer':
      return new IntegerConverter('int', 32, false);
    case 'long':
      return new LongConverter(true);
    case 'java.lang.Long':
      return new LongConverter(false);
    case 'float':
      return new DoubleConverter('float', true);
    case 'java.lang.Float':
      return new DoubleConverter('float', false);
    case 'double':
      return new DoubleConverter('double', true);
    case 'java.lang.Double':
      return new DoubleConverter('double', false);
    case 'char':
      return new CharConverter(true);
    case 'java.lang.Character':
      return new CharConverter(false);
    case 'java.lang.String':
    case 'java.lang.CharSequence':
      return new StringConverter();
    case 'java.lang.Class':
      return new ClassNameConverter(allowed);
    case 'java.math.BigInteger':
      return new BigIntegerConverter();
    default:
      return undefined;
  }
}
