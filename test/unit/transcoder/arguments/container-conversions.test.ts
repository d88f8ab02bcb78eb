import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DecoderV2 } from 'hessian.js';
import { HessianReader } from '../../../../src/hessian/hessian-reader.ts';
import { HessianList, HessianMap, type HessianValue, readTree } from '../../../../src/hessian/hessian-tree.ts';
import { ArgumentPlanError } from '../../../../src/transcoder/arguments/argument-plan-error.ts';
import { UNSENDABLE_CLASSES } from '../../../../src/transcoder/arguments/unsendable-classes.ts';
import { BODY, constant, merge, object, plan, refusal, run, type Types, written } from './argument-cases.ts';

const TYPES: Types = {
  'com.acme.Order': {
    id: 'long',
    total: 'java.math.BigDecimal',
    placed: 'java.util.Date',
    lines: 'java.util.List<com.acme.Line>',
    notes: 'java.util.Map<java.lang.String, java.lang.String>',
    parent: 'com.acme.Order',
    blob: 'byte[]',
    größe: 'int',
  },
  'com.acme.Line': { sku: 'java.lang.String', count: 'int', prices: 'double[]' },
  'com.acme.Page<T>': { items: 'java.util.List<T>', next: 'com.acme.Page<T>', total: 'long' },
};

describe('conversion to java.lang.Object', () => {
  const compiled = plan(BODY, 'Object');

  it('gives hessian.js the same value, for any JSON', () => {
    const json = fc
      .jsonValue({ maxDepth: 6, stringUnit: 'grapheme' })
      .filter((value) => !hasKeyOf(value, ['class', '__proto__']));
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1), (value, indent) => {
        const body = JSON.stringify(value, undefined, indent);
        const decoder = new DecoderV2(run(compiled, { body }));
        assert.deepEqual(plain(decoder.read()), expected(JSON.parse(body)));
      }),
      { numRuns: 300 },
    );
  });

  const numbers: [string, (body: Buffer) => void][] = [
    ['2147483647', same((out) => out.int(2147483647))],
    ['-2147483648', same((out) => out.int(-2147483648))],
    ['2147483648', same((out) => out.longNumber(2147483648))],
    ['-9223372036854775808', same((out) => out.long(-0x80000000, 0))],
    ['9223372036854775807', same((out) => out.long(0x7fffffff, -1))],
    ['9223372036854775808', same((out) => out.string('9223372036854775808'))],
    ['123456789012345678901234567890', same((out) => out.string('123456789012345678901234567890'))],
    ['1.0', same((out) => out.double(1))],
    ['1e3', same((out) => out.double(1000))],
    ['-0', same((out) => out.int(0))],
    ['-0.0', same((out) => out.double(-0))],
  ];
  for (const [body, check] of numbers) {
    it(`writes ${body} as its kind of number`, () => check(run(compiled, { body })));
  }

  it('refuses a number beyond the doubles, and says where', () => {
    const error = refusal(compiled, { body: '{"a":[1,{"b c":1e400}]}' });
    assert.equal(error.detail, 'body.a[1]["b c"] must be a number within the range of a double, got 1e400');
    assert.deepEqual(error.extensions, { argument: 'body', path: '$.a[1]["b c"]' });
  });

  it('takes keys of prototypes as data', () => {
    const tree = treeOf(
      run(compiled, { body: '{"__proto__":{"isAdmin":true},"constructor":1,"prototype":[],"toString":null}' }),
    );
    assert.ok(tree instanceof HessianMap);
    assert.deepEqual(
      tree.entries.map(([key]) => key),
      ['__proto__', 'constructor', 'prototype', 'toString'],
    );
    assert.equal(({} as Record<string, unknown>).isAdmin, undefined);
  });

  it('writes a key that comes twice once, with its last value', () => {
    const expectedBytes = written((out) => {
      out.untypedMapStart();
      out.string('b');
      out.int(2);
      out.string('a');
      out.int(3);
      out.mapEnd();
    });
    assert.deepEqual(run(compiled, { body: '{"a":1,"b":2,"\\u0061":3}' }), expectedBytes);
  });

  it('is also the way of classes that are not declared', () => {
    for (const type of ['com.acme.Unknown', 'java.io.Serializable', 'java.lang.Comparable']) {
      const bytes = run(plan(BODY, type), { body: '{"a":["RED",1]}' });
      assert.deepEqual(bytes, run(compiled, { body: '{"a":["RED",1]}' }));
      assert.deepEqual(
        run(plan(BODY, type), { body: '"RED"' }),
        written((out) => out.string('RED')),
      );
    }
  });
});

describe('conversion to lists', () => {
  it('converts each element by the element type', () => {
    for (const type of [
      'int[]',
      'List<Integer>',
      'Set<Short>',
      'java.util.LinkedList<Byte>',
      'Iterable<Integer>',
      'java.util.ArrayList<?>',
    ]) {
      const expectedBytes = written((out) => {
        out.listStart(3);
        for (const n of [1, 2, 3]) out.int(n);
      });
      const name = type === 'Iterable<Integer>' ? 'java.lang.Iterable<Integer>' : type;
      assert.deepEqual(run(plan(BODY, name), { body: '[1,2,3]' }), expectedBytes, type);
    }
  });

  it('nests, takes null and is empty', () => {
    const tree = treeOf(run(plan(BODY, 'List<Set<Long>>'), { body: '[[1,2],[],null]' }));
    assert.deepEqual(shape(tree), [[1n, 2n], [], null]);
    assert.deepEqual(shape(treeOf(run(plan(BODY, 'int[][]'), { body: '[[1],[2,3]]' }))), [[1], [2, 3]]);
    assert.equal(treeOf(run(plan(BODY, 'List<String>'), { body: 'null' })), null);
    const long = JSON.stringify(Array.from({ length: 3000 }, (_, i) => i));
    assert.deepEqual(shape(treeOf(run(plan(BODY, 'int[]'), { body: long }))), JSON.parse(long));
  });

  it('counts dead members out and dead subtrees too', () => {
    const tree = treeOf(run(plan(BODY, 'List<Object>'), { body: '[{"a":[1,2],"a":3},4]' }));
    assert.deepEqual(shape(tree), [{ a: 3 }, 4]);
  });

  const bad: [string, string, string][] = [
    ['List<Integer>', '{"0":1}', 'body must be an array, got an object'],
    ['List<Integer>', '1', 'body must be an array, got 1'],
    ['int[]', '[1,null]', 'body[1] must be an int (-2147483648 to 2147483647), got null'],
    ['List<List<Byte>>', '[[1],[2,300]]', 'body[1][1] must be a byte (-128 to 127), got 300'],
  ];
  for (const [type, body, detail] of bad) {
    it(`refuses ${body} as ${type}`, () => {
      assert.equal(refusal(plan(BODY, type), { body }).detail, detail);
    });
  }
});

describe('conversion to maps', () => {
  it('converts keys and values', () => {
    const tree = treeOf(run(plan(BODY, 'Map<Integer, Long>'), { body: '{"1":2,"-3":"4"}' }));
    assert.ok(tree instanceof HessianMap);
    assert.equal(tree.type, '');
    assert.deepEqual(tree.entries, [
      [1, 2n],
      [-3, 4n],
    ]);
    const raw = treeOf(run(plan(BODY, 'Map'), { body: '{"x":[1]}' }));
    assert.deepEqual(shape(raw), { x: [1] });
  });

  const classes: [string, string][] = [
    ['Map', ''],
    ['java.util.HashMap', ''],
    ['java.util.AbstractMap', ''],
    ['java.util.LinkedHashMap', 'java.util.LinkedHashMap'],
    ['java.util.TreeMap', 'java.util.TreeMap'],
    ['java.util.SortedMap', 'java.util.TreeMap'],
    ['java.util.NavigableMap', 'java.util.TreeMap'],
    ['java.util.Hashtable', 'java.util.Hashtable'],
    ['java.util.concurrent.ConcurrentMap', 'java.util.concurrent.ConcurrentHashMap'],
    ['java.util.concurrent.ConcurrentHashMap', 'java.util.concurrent.ConcurrentHashMap'],
    ['java.util.concurrent.ConcurrentSkipListMap', 'java.util.concurrent.ConcurrentSkipListMap'],
  ];
  for (const [type, onTheWire] of classes) {
    it(`names ${onTheWire || 'no class'} for ${type}, from a body and from an object of sources`, () => {
      const declared = `${type}<String, Integer>`;
      for (const bytes of [
        run(plan(BODY, declared), { body: '{"z":1,"a":2}' }),
        run(plan(object({ z: constant(1), a: constant(2) }), declared), {}),
        run(plan(merge(constant({ z: 1 }), constant({ a: 2 })), declared), {}),
      ]) {
        const tree = treeOf(bytes);
        assert.ok(tree instanceof HessianMap);
        assert.equal(tree.type, onTheWire);
        assert.deepEqual(shape(tree), { z: 1, a: 2 });
      }
    });
  }

  it('sends the keys of sorted maps as text, which Dubbo compares them with', () => {
    const keys = (type: string, body: string) => {
      const tree = treeOf(run(plan(BODY, type), { body }));
      assert.ok(tree instanceof HessianMap);
      return tree.entries.map(([key]) => key);
    };
    assert.deepEqual(keys('java.util.TreeMap<Long, Integer>', '{"9007199254740993":1,"1e3":2,"5.0":3}'), [
      '9007199254740993',
      '1000',
      '5',
    ]);
    assert.deepEqual(keys('java.util.SortedMap<Double, Integer>', '{"1.5":1}'), ['1.5']);
    assert.deepEqual(keys('java.util.TreeMap<com.acme.Level, Integer>', '{"HIGH":1}'), ['HIGH']);
    assert.deepEqual(keys('java.util.TreeMap<BigDecimal, Integer>', '{"1.10":1}'), ['1.10']);
    assert.deepEqual(keys('java.util.LinkedHashMap<Long, Integer>', '{"5":1}'), [5n]);
    const error = refusal(plan(BODY, 'java.util.TreeMap<Integer, Integer>'), { body: '{"2147483648":1}' });
    assert.match(error.detail, /must be a key that is an int/);
    const unsendable = /cannot be sent: Dubbo compares the keys of a sorted map with text/;
    assert.throws(() => plan(BODY, 'java.util.TreeMap<UUID, Integer>'), unsendable);
    assert.throws(() => plan(BODY, 'List<? extends java.util.TreeMap<Long, Integer>>'), unsendable);
  });

  it('refuses a key that does not fit', () => {
    const error = refusal(plan(BODY, 'Map<Integer, String>'), { body: '{"1":"a","x":"b"}' });
    assert.match(error.detail, /^body\.x must be a key that is an int .*, got "x"$/);
    assert.equal(error.extensions?.path, '$.x');
  });

  it('refuses a value that does not fit, and other values', () => {
    const compiled = plan(BODY, 'Map<String, Integer>');
    assert.equal(refusal(compiled, { body: '{"a":{}}' }).extensions?.path, '$.a');
    assert.equal(refusal(compiled, { body: '[]' }).detail, 'body must be an object, got an array');
    assert.equal(refusal(compiled, { body: '"x"' }).detail, 'body must be an object, got "x"');
  });

  it('has only text in Properties', () => {
    const compiled = plan(BODY, 'java.util.Properties');
    const tree = treeOf(run(compiled, { body: '{"a":1,"b":true}' }));
    assert.deepEqual(shape(tree), { a: '1', b: 'true' });
    assert.ok(tree instanceof HessianMap);
    assert.equal(tree.type, 'java.util.Properties');
    assert.equal(refusal(compiled, { body: '{"a":{}}' }).detail, 'body.a must be a string, got an object');
  });

  it('knows that a list is no key', () => {
    assert.throws(() => plan(BODY, 'Map<List<String>, String>'), ArgumentPlanError);
    assert.throws(() => plan(BODY, 'Map<Map<String,String>, String>'), ArgumentPlanError);
  });
});

describe('conversion to declared classes', () => {
  const compiled = plan(BODY, 'com.acme.Order', TYPES);

  it('converts each field by its type and lets others follow the JSON', () => {
    const body = JSON.stringify({
      id: 1,
      total: '1.10',
      placed: '2026-01-31',
      lines: [{ sku: 5, count: '3', prices: [1, 2.5] }, null],
      notes: { a: true },
      parent: { id: '2', other: 1.5 },
      blob: 'AQ==',
      größe: 4,
      extra: { deep: [1] },
    });
    const expectedBytes = written((out) => {
      out.untypedMapStart();
      out.string('id');
      out.longNumber(1);
      out.string('total');
      out.string('1.10');
      out.string('placed');
      out.dateMs(Date.UTC(2026, 0, 31));
      out.string('lines');
      out.listStart(2);
      out.untypedMapStart();
      out.string('sku');
      out.string('5');
      out.string('count');
      out.int(3);
      out.string('prices');
      out.listStart(2);
      out.double(1);
      out.double(2.5);
      out.mapEnd();
      out.nullValue();
      out.string('notes');
      out.untypedMapStart();
      out.string('a');
      out.string('true');
      out.mapEnd();
      out.string('parent');
      out.untypedMapStart();
      out.string('id');
      out.longNumber(2);
      out.string('other');
      out.double(1.5);
      out.mapEnd();
      out.string('blob');
      out.binary(Buffer.from([1]));
      out.string('größe');
      out.int(4);
      out.string('extra');
      out.untypedMapStart();
      out.string('deep');
      out.listStart(1);
      out.int(1);
      out.mapEnd();
      out.mapEnd();
    });
    assert.deepEqual(run(compiled, { body }), expectedBytes);
  });

  it('knows a field whose name is written with escapes', () => {
    const plainBytes = run(compiled, { body: '{"id":7}' });
    assert.deepEqual(run(compiled, { body: '{"\\u0069d":7}' }), plainBytes);
  });

  it('fills in type arguments, also of a class that holds itself', () => {
    const pages = plan(BODY, 'com.acme.Page<com.acme.Line>', TYPES);
    const tree = treeOf(run(pages, { body: '{"items":[{"count":1}],"next":{"items":[{"count":"2"}],"total":3}}' }));
    assert.deepEqual(shape(tree), {
      items: [{ class: 'com.acme.Line', count: 1 }],
      next: { items: [{ class: 'com.acme.Line', count: 2 }], total: 3n },
    });
    assert.equal(
      refusal(pages, { body: '{"next":{"items":[{},{"count":"x"}]}}' }).extensions?.path,
      '$.next.items[1].count',
    );
  });

  it('names the place of what does not fit, and cuts what it shows', () => {
    const cases: [string, string][] = [
      [
        '{"lines":[{},{},{},{"count":"abc"}]}',
        'body.lines[3].count must be an int (-2147483648 to 2147483647), got "abc"',
      ],
      ['{"total":"x"}', 'body.total must be a decimal number of at most 1000 characters, got "x"'],
      ['{"id":null}', 'body.id must be a long (64-bit integer), got null'],
      ['{"notes":{"a b":[]}}', 'body.notes["a b"] must be a string, got an array'],
      [`{"id":"${'y'.repeat(60)}"}`, `body.id must be a long (64-bit integer), got "${'y'.repeat(40)}…"`],
      ['{"id":true}', 'body.id must be a long (64-bit integer), got true'],
      ['{"parent":[]}', 'body.parent must be an object, got an array'],
    ];
    for (const [body, detail] of cases) assert.equal(refusal(compiled, { body }).detail, detail);
  });

  it('keeps an error short, however long the key', () => {
    const error = refusal(compiled, { body: `{"notes":{"${'k'.repeat(100_000)}":[]}}` });
    assert.ok(error.detail.length < 500);
    assert.ok(String(error.extensions?.path).length < 400);
  });

  it('sends null for null', () => {
    assert.equal(treeOf(run(compiled, { body: 'null' })), null);
    assert.deepEqual(shape(treeOf(run(compiled, { body: '{"parent":null,"lines":null}' }))), {
      parent: null,
      lines: null,
    });
  });

  it('refuses classes that no provider takes when it is compiled, and says what to take', () => {
    assert.throws(() => plan(BODY, 'java.util.BitSet'), {
      name: 'ArgumentPlanError',
      message:
        'args[0]: java.util.BitSet cannot be sent: Dubbo 2.6 makes an empty one of it without an error; ' +
        'the method has to take byte[] or long[] instead',
    });
    for (const type of UNSENDABLE_CLASSES.keys()) {
      assert.throws(() => plan(BODY, type), ArgumentPlanError, type);
      assert.throws(() => plan(BODY, `List<${type}>`), ArgumentPlanError, type);
      assert.throws(() => plan(BODY, 'A', { A: { x: type } }), ArgumentPlanError, type);
    }
  });

  it('refuses types without end when it is compiled', () => {
    const wide: Types = {
      'N<T>': Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i}`, `N<W${i}<T>>`])),
      ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`W${i}<T>`, { x: 'T' }])),
    };
    assert.throws(() => plan(BODY, 'N<String>', wide), /more than 10000 types/);
  });
});

describe('conversion: depth', () => {
  it('walks as deep as a document may be', () => {
    const depth = 64;
    const body = `${'{"a":['.repeat(depth / 2)}1${']}'.repeat(depth / 2)}`;
    assert.ok(run(plan(BODY, 'Object'), { body }).length > depth);
  });
});

function same(write: Parameters<typeof written>[0]): (body: Buffer) => void {
  return (body) => assert.deepEqual(body, written(write));
}

function treeOf(bytes: Buffer): HessianValue {
  const reader = new HessianReader();
  reader.reset(bytes);
  const tree = readTree(reader);
  assert.equal(reader.position, reader.end);
  return tree;
}

/** Lists and maps with text keys as plain values. */
function shape(value: HessianValue): unknown {
  if (value instanceof HessianList) return value.items.map(shape);
  if (value instanceof HessianMap) return Object.fromEntries(value.entries.map(([key, item]) => [key, shape(item)]));
  return value;
}

/** hessian.js marks maps with hidden properties; only the visible ones count. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** Integers beyond 2^53 come back from hessian.js as text, and beyond 64 bits they are sent as text. */
function expected(value: unknown): unknown {
  if (typeof value === 'number') {
    const text = JSON.stringify(value);
    return Number.isInteger(value) && !Number.isSafeInteger(value) && !text.includes('e') ? text : value;
  }
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expected(item)]));
}

function hasKeyOf(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => keys.includes(key) || hasKeyOf(item, keys));
}
