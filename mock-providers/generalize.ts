import type { Dialect } from './dialects.ts';
import { inHashMapOrder } from './java-hash-order.ts';
import { javaTimeText } from './java-time.ts';
import { ARRAY_LIST, type JavaList, type JavaMap, type JavaObject, type JavaValue, memberOf } from './java-value.ts';

/** Objects that stay what they are: numbers and dates of the JDK. */
const UNCHANGED = new Set([
  'java.math.BigDecimal',
  'java.math.BigInteger',
  'java.util.concurrent.atomic.AtomicInteger',
  'java.util.concurrent.atomic.AtomicLong',
  'java.sql.Date',
  'java.sql.Time',
  'java.sql.Timestamp',
]);

const PRIMITIVE_ARRAYS = new Set([
  '[boolean',
  '[byte',
  '[short',
  '[int',
  '[long',
  '[float',
  '[double',
  '[string',
  '[date',
]);

/**
 * What `PojoUtils.generalize` makes of a result before it is sent for `generic=true`: objects become untyped maps of
 * their getters with their class name under `class`, in the order of a HashMap; enums and classes become names;
 * lists ArrayLists, other collections HashSets, arrays of objects `[object`. Sharing and cycles are kept.
 */
export function generalize(value: JavaValue, dialect: Dialect): JavaValue {
  return new Generalizer(dialect).convert(value);
}

class Generalizer {
  readonly #dialect: Dialect;
  readonly #done = new Map<object, JavaValue>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  convert(value: JavaValue): JavaValue {
    if (value === null || typeof value !== 'object') return value;
    if (value.kind !== 'list' && value.kind !== 'map' && value.kind !== 'object') return value;
    const known = this.#done.get(value);
    if (known !== undefined) return known;
    if (value.kind === 'list') return this.#convertList(value);
    if (value.kind === 'map') return this.#convertMap(value);
    return this.#convertObject(value);
  }

  #convertList(list: JavaList): JavaValue {
    if (list.type !== null && PRIMITIVE_ARRAYS.has(list.type)) return list;
    const isEnumArray = list.type?.startsWith('[') && list.items.some((item) => isEnum(item));
    const converted: JavaList = { kind: 'list', type: isEnumArray ? '[string' : generalizedListType(list), items: [] };
    this.#done.set(list, converted);
    for (const item of list.items) converted.items.push(this.convert(item));
    return converted;
  }

  #convertMap(map: JavaMap): JavaValue {
    const converted: JavaMap = { kind: 'map', type: map.type, entries: [] };
    this.#done.set(map, converted);
    for (const [key, item] of map.entries) converted.entries.push([this.convert(key), this.convert(item)]);
    return converted;
  }

  #convertObject(value: JavaObject): JavaValue {
    if (UNCHANGED.has(value.className)) return value;
    if (value.isEnum || value.className === 'java.lang.Class') return memberOf(value, 'name') ?? null;
    const timeText = this.#dialect.javaTime === 'text' ? javaTimeText(value) : null;
    if (timeText !== null) return timeText;
    const converted: JavaMap = { kind: 'map', type: null, entries: [] };
    this.#done.set(value, converted);
    const members = [...(value.getters ?? value.fields)];
    if (!members.some(([name]) => name === 'class')) members.push(['class', value.className]);
    for (const [name, member] of inHashMapOrder(members)) converted.entries.push([name, this.convert(member)]);
    return converted;
  }
}

function isEnum(value: JavaValue): boolean {
  return value !== null && typeof value === 'object' && value.kind === 'object' && value.isEnum;
}

function generalizedListType(list: JavaList): string {
  if (list.type === null) return ARRAY_LIST;
  if (list.type.startsWith('[')) return '[object';
  return /(Set|KeySet|Values)$/.test(list.type) ? 'java.util.HashSet' : ARRAY_LIST;
}
