import { JavaException, ServiceError } from './java-exception.ts';
import { javaTimeText, localDate, localDateTime, localTime } from './java-time.ts';
import {
  arrayList,
  bigDecimal,
  bigInteger,
  binary,
  date,
  double,
  enumConstant,
  hashMap,
  int,
  type JavaMap,
  type JavaObject,
  type JavaValue,
  long,
  memberOf,
  object,
} from './java-value.ts';

/** Classes a service knows: for a bean its fields and their types, for an enum its constants. */
export type JavaClasses = ReadonlyMap<string, BeanClass | EnumClass>;

export interface BeanClass {
  readonly kind: 'bean';
  /** Field name and Java type, with generics (`java.util.List<com.acme.Item>`), in the order of the class. */
  readonly fields: readonly (readonly [string, string])[];
}

export interface EnumClass {
  readonly kind: 'enum';
  readonly constants: readonly string[];
}

const INTEGERS = new Set(['byte', 'short', 'int', 'java.lang.Byte', 'java.lang.Short', 'java.lang.Integer']);

/**
 * What `PojoUtils.realize` makes of an argument for a parameter of this Java type: maps become objects of their class
 * with all fields, texts numbers, dates and enum constants. Values of unknown classes and `java.lang.Object` stay.
 *
 * @throws ServiceError with Dubbo's text when the value does not fit
 * @throws JavaException for a wrong scalar, which only the reflective call of the method notices
 */
export function realize(value: JavaValue, type: string, classes: JavaClasses): JavaValue {
  const isScalar = type === 'java.lang.String' || type === 'boolean' || type === 'java.lang.Boolean';
  try {
    return convert(value, type, classes);
  } catch (error) {
    if (error instanceof TypeMismatch) {
      if (isScalar) throw new JavaException('java.lang.IllegalArgumentException', 'argument type mismatch');
      throw new ServiceError('java.lang.IllegalArgumentException', error.message);
    }
    throw error;
  }
}

class TypeMismatch extends Error {
  constructor() {
    super('argument type mismatch');
  }
}

function convert(value: JavaValue, type: string, classes: JavaClasses): JavaValue {
  if (value === null) {
    if (/^(boolean|byte|short|int|long|float|double|char)$/.test(type)) throw new TypeMismatch();
    return null;
  }
  if (INTEGERS.has(type)) return int(Number(BigInt.asIntN(32, integerOf(value))));
  switch (type) {
    case 'java.lang.Object':
      return value;
    case 'java.lang.String':
      return typeof value === 'string' ? value : mismatch();
    case 'boolean':
    case 'java.lang.Boolean':
      return typeof value === 'boolean' ? value : typeof value === 'string' ? value === 'true' : mismatch();
    case 'long':
    case 'java.lang.Long':
      return long(integerOf(value));
    case 'float':
    case 'double':
    case 'java.lang.Float':
    case 'java.lang.Double':
      return double(Number(numberText(value)));
    case 'java.math.BigDecimal':
      return isObject(value, type) ? value : bigDecimal(decimalText(value));
    case 'java.math.BigInteger':
      return isObject(value, type) ? value : bigInteger(integerOf(value));
    case 'java.util.Date':
      return dateOf(value);
    case 'byte[]':
    case '[B':
      return binaryOf(value);
    case 'java.time.LocalDate':
      return timeOf(value, 'LocalDateHandle', localDate);
    case 'java.time.LocalTime':
      return timeOf(value, 'LocalTimeHandle', localTime);
    case 'java.time.LocalDateTime':
      return timeOf(value, 'LocalDateTimeHandle', localDateTime);
    default:
      return convertGeneric(value, type, classes);
  }
}

function convertGeneric(value: JavaValue, type: string, classes: JavaClasses): JavaValue {
  const generic = /^java\.util\.(List|Collection|Set|Map)(?:<(?:java\.lang\.String,)?(.+)>)?$/.exec(type);
  if (generic !== null) {
    const itemType = generic[2] ?? 'java.lang.Object';
    if (value === null || typeof value !== 'object') return mismatch();
    if (generic[1] === 'Map') {
      if (value.kind !== 'map') return mismatch();
      return hashMap(value.entries.map(([key, item]) => [key, convert(item, itemType, classes)]));
    }
    if (value.kind !== 'list') return mismatch();
    return arrayList(value.items.map((item) => convert(item, itemType, classes)));
  }
  const known = classes.get(type);
  if (known === undefined || isObject(value, type)) return value;
  if (known.kind === 'enum') return enumOf(value, type, known);
  if (typeof value !== 'object' || value === null || value.kind !== 'map') return mismatch();
  return beanOf(value, type, known, classes);
}

function beanOf(map: JavaMap, type: string, bean: BeanClass, classes: JavaClasses): JavaObject {
  const simpleName = type.slice(type.lastIndexOf('.') + 1);
  return object(
    type,
    bean.fields.map(([name, fieldType]): [string, JavaValue] => {
      const given = memberOf(map, name);
      // A null is not set: the field keeps what a new object has.
      if (given === undefined || given === null) return [name, initialValue(fieldType)];
      try {
        return [name, convert(given, fieldType, classes)];
      } catch (error) {
        if (!(error instanceof TypeMismatch)) throw error;
        throw new ServiceError(
          'java.lang.RuntimeException',
          `Failed to set pojo ${simpleName} property ${name} value ${javaClassOf(given)}, cause: argument type mismatch`,
        );
      }
    }),
  );
}

function initialValue(type: string): JavaValue {
  if (type === 'boolean') return false;
  if (type === 'long') return long(0);
  if (type === 'double' || type === 'float') return double(0);
  return INTEGERS.has(type) && !type.startsWith('java.') ? int(0) : null;
}

function enumOf(value: JavaValue, type: string, known: EnumClass): JavaObject {
  if (typeof value !== 'string') return mismatch();
  if (!known.constants.includes(value)) {
    throw new ServiceError('java.lang.IllegalArgumentException', `No enum constant ${type.replace('$', '.')}.${value}`);
  }
  return enumConstant(type, value);
}

function dateOf(value: JavaValue): JavaValue {
  if (typeof value === 'object' && value !== null) {
    if (value.kind === 'date') return value;
    if (value.kind === 'long' || value.kind === 'int') return date(BigInt(value.value));
  }
  if (typeof value !== 'string') return mismatch();
  // The provider's zone is taken to be UTC.
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(value);
  const epochMs = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`);
  if (Number.isNaN(epochMs)) {
    throw new ServiceError(
      'java.lang.IllegalStateException',
      `Failed to parse date ${value} by format yyyy-MM-dd HH:mm:ss`,
    );
  }
  return date(epochMs);
}

/** Of ISO text or of the object that hessian-lite writes for the value; what comes out has the getters too. */
function timeOf(value: JavaValue, handle: string, create: (iso: string) => JavaObject): JavaObject {
  if (typeof value === 'string') return create(value);
  if (typeof value !== 'object' || value === null || value.kind !== 'object') return mismatch();
  if (!value.className.endsWith(`.${handle}`)) return mismatch();
  return create(javaTimeText(value) ?? mismatch());
}

function binaryOf(value: JavaValue): JavaValue {
  if (typeof value !== 'object' || value === null) return mismatch();
  if (value.kind === 'binary') return value;
  if (value.kind !== 'list') return mismatch();
  return binary(value.items.map((item) => Number(BigInt.asUintN(8, integerOf(item)))));
}

function integerOf(value: JavaValue): bigint {
  const text = numberText(value);
  try {
    return typeof value === 'string' ? BigInt(text) : BigInt(text.includes('.') ? Math.trunc(Number(text)) : text);
  } catch {
    throw notANumber(text);
  }
}

function decimalText(value: JavaValue): string {
  const text = numberText(value);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?$/.test(text)) throw notANumber(text);
  return text;
}

function numberText(value: JavaValue): string {
  if (typeof value === 'string') {
    if (value.trim() === '' || Number.isNaN(Number(value))) throw notANumber(value);
    return value;
  }
  if (typeof value !== 'object' || value === null) return mismatch();
  if (value.kind === 'int' || value.kind === 'long' || value.kind === 'double') return String(value.value);
  const decimal = value.kind === 'object' ? memberOf(value, 'value') : undefined;
  return typeof decimal === 'string' ? decimal : mismatch();
}

function notANumber(text: string): ServiceError {
  return new ServiceError('java.lang.NumberFormatException', `For input string: "${text}"`);
}

function isObject(value: JavaValue, className: string): boolean {
  return typeof value === 'object' && value !== null && value.kind === 'object' && value.className === className;
}

function javaClassOf(value: JavaValue): string {
  if (typeof value === 'string') return 'class java.lang.String';
  if (typeof value === 'boolean') return 'class java.lang.Boolean';
  const names = { int: 'Integer', long: 'Long', double: 'Double' } as const;
  if (value !== null && value.kind in names) return `class java.lang.${names[value.kind as keyof typeof names]}`;
  return value !== null && value.kind === 'date' ? 'class java.util.Date' : 'class java.util.HashMap';
}

function mismatch(): never {
  throw new TypeMismatch();
}
