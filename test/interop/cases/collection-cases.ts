import { long, typed } from '../probe/hessian-oracle.ts';
import { localDate, uuid } from './java-values.ts';
import type { TypeCase } from './type-case.ts';

const ID = '123e4567-e89b-12d3-a456-426614174000';
const MOMENT_TEXT = '1998-05-08T09:51:31.001Z';
const STRINGS = 'java.lang.String "z", java.lang.String "a"';
const SORTED_STRINGS = 'java.lang.String "a", java.lang.String "z"';

export const COLLECTION_CASES: readonly TypeCase[] = [
  list(
    'LongList',
    'java.util.List<java.lang.Long>',
    '[1,9007199254740993]',
    [1, long('9007199254740993')],
    ['java.lang.Long 1', 'java.lang.Long 9007199254740993'],
  ),
  {
    ...list('LongList', 'java.util.List<java.lang.Long>', '[1,null]', [1, null], ['java.lang.Long 1', 'null']),
    label: 'null in the list',
    refusedOn: { '2.6.12': 'java.lang.NullPointerException' },
  },
  list('LongList', 'java.util.List<java.lang.Long>', '[]', [], []),
  list(
    'LongGrid',
    'java.util.List<java.util.List<java.lang.Long>>',
    '[[1],[2,3]]',
    [[1], [2, 3]],
    ['java.util.ArrayList [java.lang.Long 1]', 'java.util.ArrayList [java.lang.Long 2, java.lang.Long 3]'],
  ),
  list('LevelList', 'java.util.List<com.acme.interop.Level>', '["LOW"]', ['LOW'], ['com.acme.interop.Level LOW']),
  list(
    'DateList',
    'java.util.List<java.util.Date>',
    `["${MOMENT_TEXT}"]`,
    [new Date(MOMENT_TEXT)],
    ['java.util.Date 1998-05-08T09:51:31.001000000Z'],
  ),
  list('UuidList', 'java.util.List<java.util.UUID>', `["${ID}"]`, [uuid(ID)], [`java.util.UUID ${ID}`]),
  list(
    'LocalDateList',
    'java.util.List<java.time.LocalDate>',
    '["2024-02-29"]',
    [localDate(2024, 2, 29)],
    ['java.time.LocalDate 2024-02-29'],
  ),
  list('StringCollection', 'java.util.Collection<java.lang.String>', '["z","a"]', ['z', 'a'], STRINGS.split(', ')),
  {
    ...list('LinkedList', 'java.util.LinkedList<java.lang.String>', '["z","a"]', ['z', 'a'], []),
    received: `java.util.LinkedList [${STRINGS}]`,
  },
  // Dubbo answers every set as a HashSet, so that its own order is lost on the way; not where results are raw.
  {
    ...list('StringSet', 'java.util.Set<java.lang.String>', '["z","a","z"]', ['z', 'a', 'z'], []),
    received: `java.util.HashSet [${SORTED_STRINGS}]`,
    answer: '["a","z"]',
  },
  {
    ...list('LinkedHashSet', 'java.util.LinkedHashSet<java.lang.String>', '["z","a"]', ['z', 'a'], []),
    received: `java.util.LinkedHashSet [${STRINGS}]`,
    answer: '["a","z"]',
    rawAnswer: '["z","a"]',
  },
  {
    ...list('TreeSet', 'java.util.TreeSet<java.lang.String>', '["z","a"]', ['z', 'a'], []),
    received: `java.util.TreeSet [${SORTED_STRINGS}]`,
    answer: '["a","z"]',
  },
  map('DecimalByName', 'java.util.Map<java.lang.String, java.math.BigDecimal>', '{"a":1.10}', { a: '1.10' }, [
    'java.lang.String "a"=java.math.BigDecimal 110e-2',
  ]),
  map('LongByLevel', 'java.util.Map<com.acme.interop.Level, java.lang.Long>', '{"LOW":1}', { LOW: 1 }, [
    'com.acme.interop.Level LOW=java.lang.Long 1',
  ]),
  map(
    'StringByLong',
    'java.util.Map<java.lang.Long, java.lang.String>',
    '{"9007199254740993":"a"}',
    { '9007199254740993': 'a' },
    ['java.lang.Long 9007199254740993=java.lang.String "a"'],
  ),
  map('UuidByName', 'java.util.Map<java.lang.String, java.util.UUID>', `{"a":"${ID}"}`, { a: uuid(ID) }, [
    `java.lang.String "a"=java.util.UUID ${ID}`,
  ]),
  ofClass('LinkedHashMap', 'java.util.LinkedHashMap', ['z', 'a']),
  ofClass('TreeMap', 'java.util.TreeMap', ['a', 'z']),
  ofClass('ConcurrentMap', 'java.util.concurrent.ConcurrentHashMap', ['a', 'z']),
];

function list(name: string, javaType: string, json: string, wire: unknown, items: readonly string[]): TypeCase {
  return { name, javaType, json, wire, received: `java.util.ArrayList [${items.join(', ')}]`, answer: json };
}

function map(name: string, javaType: string, json: string, wire: unknown, entries: readonly string[]): TypeCase {
  return { name, javaType, json, wire, received: `java.util.HashMap {${entries.join(', ')}}`, answer: json };
}

/** A map whose parameter is a class: it must be named on the wire, as Dubbo 2.7 makes no such map of an untyped one. */
function ofClass(name: string, className: string, order: readonly string[]): TypeCase {
  const values: Readonly<Record<string, number>> = { z: 1, a: 2 };
  const entries = order.map((key) => `java.lang.String "${key}"=java.lang.Integer ${values[key]}`);
  return {
    name,
    javaType: `${className}<java.lang.String, java.lang.Integer>`,
    json: '{"z":1,"a":2}',
    wire: typed(className, values),
    received: `${className} {${entries.join(', ')}}`,
    answer: '{"z":1,"a":2}',
  };
}
