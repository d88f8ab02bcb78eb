import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DecoderV2 } from 'hessian.js';
import { describeValue } from '../../../mock-providers/describe-value.ts';
import { HessianWalk } from '../../../mock-providers/hessian-walk.ts';
import { inHashMapOrder } from '../../../mock-providers/java-hash-order.ts';
import {
  arrayList,
  bigInteger,
  binary,
  date,
  double,
  hashMap,
  int,
  type JavaList,
  type JavaMap,
  type JavaValue,
  long,
  object,
  typedList,
  typedMap,
  untypedList,
} from '../../../mock-providers/java-value.ts';
import { JavaValueReader } from '../../../mock-providers/java-value-reader.ts';
import { JavaValueWriter } from '../../../mock-providers/java-value-writer.ts';

function write(value: JavaValue, typedArrayList = true): Buffer {
  return new JavaValueWriter(typedArrayList).write(value).bytes();
}

const scalars = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: 'binary' }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(int),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(long),
  // The sign of zero is lost, as in Java.
  fc.double().map((value) => double(value === 0 ? 0 : value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(date),
  fc.uint8Array({ maxLength: 5000 }).map((bytes) => binary(Buffer.from(bytes))),
);
const names = fc.constantFrom('a', 'B.c', '__proto__', 'constructor', 'x'.repeat(40));
const values: fc.Arbitrary<JavaValue> = fc.letrec<{ value: JavaValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalars,
    fc
      .tuple(fc.option(names), fc.array(tie('value'), { maxLength: 12 }))
      .map(([type, items]) => (type === null ? untypedList(items) : typedList(type, items))),
    fc
      .tuple(fc.option(names), fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 5 }))
      .map(([type, entries]) => (type === null ? hashMap(entries) : typedMap(type, entries))),
    fc
      .tuple(names, fc.array(fc.tuple(names, tie('value')), { maxLength: 5 }))
      .map(([className, fields]) => object(className, fields)),
  ),
})).value;

describe('JavaValueWriter and JavaValueReader', () => {
  it('give back every value with its types', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = write(value);
        const reader = new JavaValueReader(bytes);
        assert.deepEqual(reader.read(), value);
        assert.equal(reader.position, bytes.length);
      }),
      { numRuns: 300 },
    );
  });

  it('write what the guard in front of hessian.js accepts', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = write(value);
        const walk = new HessianWalk(bytes);
        walk.skip(0);
        assert.equal(walk.position, bytes.length);
      }),
      { numRuns: 300 },
    );
  });

  it('write shared values once and cycles as references', () => {
    const shared = arrayList(['x']);
    const cycle = hashMap([]);
    cycle.entries.push(['self', cycle]);
    const bytes = write(untypedList([shared, shared, cycle]));
    assert.equal(bytes.toString('latin1').split('java.util.ArrayList').length, 2);
    const read = new JavaValueReader(bytes).read() as JavaList;
    assert.equal(read.items[0], read.items[1]);
    assert.equal((read.items[2] as JavaMap).entries[0]![1], read.items[2]);
  });

  it('leave the type of an ArrayList out where the dialect does', () => {
    assert.equal(write(arrayList([int(1)]), false).toString('hex'), '7991');
    assert.match(write(arrayList([int(1)]), true).toString('latin1'), /^q.java\.util\.ArrayList/s);
    assert.match(write(typedList('java.util.HashSet', []), false).toString('latin1'), /^p.java\.util\.HashSet/s);
  });

  it('write two objects of one class with different fields by two definitions', () => {
    const bytes = write(
      untypedList([object('A', [['x', int(1)]]), object('A', [['y', int(2)]]), object('A', [['x', int(3)]])]),
    );
    assert.deepEqual(new DecoderV2(bytes).read(), [{ x: 1 }, { y: 2 }, { x: 3 }]);
  });

  it('split a BigInteger into unsigned words', () => {
    assert.equal(describeValue(bigInteger(-(2n ** 32n))).includes('mag: list<[int>[int 1, int 0]'), true);
  });
});

describe('describeValue', () => {
  it('names types and nesting', () => {
    const value = hashMap([
      ['a', untypedList([int(5), long(5), double(1.5), date(894_621_091_000), binary([1, 2])])],
      [
        'b',
        object('com.acme.A', [
          ['ok', true],
          ['nothing', null],
        ]),
      ],
    ]);
    assert.equal(
      describeValue(value),
      'map{string "a": list[int 5, long 5, double 1.5, date 894621091000, binary 2], ' +
        'string "b": object com.acme.A{ok: true, nothing: null}}',
    );
  });

  it('ends at cycles and stays short for a value that grows exponentially', () => {
    const cycle = untypedList([]);
    cycle.items.push(cycle);
    assert.equal(describeValue(cycle), 'list[cycle]');
    let bomb = untypedList(['leaf']);
    for (let level = 0; level < 200; level++) bomb = untypedList([bomb, bomb]);
    assert.equal(describeValue(bomb).length, 64 * 1024);
  });
});

describe('inHashMapOrder', () => {
  it('orders keys as a Java HashMap does', () => {
    // Order of a bean seen from a real provider.
    const seen = [
      'color',
      'money',
      'name',
      'birth',
      'id',
      'attr',
      'vip',
      'class',
      'age',
      'pubField',
      'tags',
      'baseField',
    ];
    // Within a bucket the time of insertion counts, and fields of a superclass come last.
    const given = [...seen.slice(0, -1).sort(), 'baseField'].map((key): [string, null] => [key, null]);
    assert.deepEqual(
      inHashMapOrder(given).map(([key]) => key),
      seen,
    );
  });
});
