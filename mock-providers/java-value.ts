/**
 * A Java value as Hessian carries it, with nothing lost: JavaScript alone cannot tell an int from a long or a double,
 * nor an ArrayList from an array. Lists, maps and objects are compared by identity: the same one twice is written as a
 * reference, and one inside of itself is a cycle.
 */
export type JavaValue =
  | null
  | boolean
  | string
  | JavaInt
  | JavaLong
  | JavaDouble
  | JavaDate
  | JavaBinary
  | JavaList
  | JavaMap
  | JavaObject
  | RawHessian;

export interface JavaInt {
  readonly kind: 'int';
  readonly value: number;
}

export interface JavaLong {
  readonly kind: 'long';
  readonly value: bigint;
}

export interface JavaDouble {
  readonly kind: 'double';
  readonly value: number;
}

export interface JavaDate {
  readonly kind: 'date';
  readonly epochMs: bigint;
}

export interface JavaBinary {
  readonly kind: 'binary';
  readonly bytes: Buffer;
}

export interface JavaList {
  readonly kind: 'list';
  /** Java type as in the list header (`[int`, `java.util.HashSet`), null for an untyped list. */
  readonly type: string | null;
  readonly items: JavaValue[];
}

export interface JavaMap {
  readonly kind: 'map';
  /** Java type as in the map header, null for an untyped map (HashMap). */
  readonly type: string | null;
  readonly entries: [JavaValue, JavaValue][];
}

export interface JavaObject {
  readonly kind: 'object';
  readonly className: string;
  /** Fields in the order of the class definition. */
  readonly fields: [string, JavaValue][];
  /** An enum constant; its only field is `name`. */
  readonly isEnum: boolean;
  /** What the public getters would return where that differs from the fields; used by generalize only. */
  readonly getters: [string, JavaValue][] | null;
}

/** Ready bytes of one value. They must not refer to tables, and no reference may follow them in the same body. */
export interface RawHessian {
  readonly kind: 'raw';
  readonly bytes: Buffer;
}

export const ARRAY_LIST = 'java.util.ArrayList';

export function int(value: number): JavaInt {
  return { kind: 'int', value: value | 0 };
}

export function long(value: bigint | number): JavaLong {
  return { kind: 'long', value: BigInt.asIntN(64, BigInt(value)) };
}

export function double(value: number): JavaDouble {
  return { kind: 'double', value };
}

export function date(epochMs: bigint | number): JavaDate {
  return { kind: 'date', epochMs: BigInt(epochMs) };
}

export function binary(bytes: Buffer | readonly number[]): JavaBinary {
  return { kind: 'binary', bytes: Buffer.from(bytes) };
}

/** A `java.util.ArrayList`; the writer leaves its type out in dialects where ArrayList is an untyped list. */
export function arrayList(items: JavaValue[]): JavaList {
  return { kind: 'list', type: ARRAY_LIST, items };
}

export function typedList(type: string, items: JavaValue[]): JavaList {
  return { kind: 'list', type, items };
}

export function untypedList(items: JavaValue[]): JavaList {
  return { kind: 'list', type: null, items };
}

export function hashMap(entries: [JavaValue, JavaValue][]): JavaMap {
  return { kind: 'map', type: null, entries };
}

export function typedMap(type: string, entries: [JavaValue, JavaValue][]): JavaMap {
  return { kind: 'map', type, entries };
}

export function object(
  className: string,
  fields: [string, JavaValue][],
  getters: [string, JavaValue][] | null = null,
): JavaObject {
  return { kind: 'object', className, fields, isEnum: false, getters };
}

export function enumConstant(className: string, name: string): JavaObject {
  return { kind: 'object', className, fields: [['name', name]], isEnum: true, getters: null };
}

export function raw(bytes: Buffer): RawHessian {
  return { kind: 'raw', bytes };
}

/** `java.math.BigDecimal`: Hessian carries its text. */
export function bigDecimal(text: string): JavaObject {
  return object('java.math.BigDecimal', [['value', text]]);
}

/** `java.math.BigInteger` with the field names of JDK 9 and later; `mag` holds unsigned 32-bit words, big endian. */
export function bigInteger(value: bigint): JavaObject {
  const words: JavaValue[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 32n) {
    words.unshift(int(Number(BigInt.asIntN(32, rest))));
  }
  return object('java.math.BigInteger', [
    ['mag', typedList('[int', words)],
    ['firstNonzeroIntNumPlusTwo', int(0)],
    ['lowestSetBitPlusTwo', int(0)],
    ['bitLengthPlusOne', int(0)],
    ['bitCountPlusOne', int(0)],
    ['signum', int(value === 0n ? 0 : value < 0n ? -1 : 1)],
  ]);
}

/** The value of a field of an object or of a string key of a map; undefined when there is none. */
export function memberOf(value: JavaObject | JavaMap, name: string): JavaValue | undefined {
  const members: readonly (readonly [JavaValue, JavaValue])[] = value.kind === 'object' ? value.fields : value.entries;
  for (const [key, member] of members) {
    if (key === name) return member;
  }
  return undefined;
}
