import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DecoderV2, EncoderV2 } from 'hessian.js';
import {
  HessianDate,
  HessianList,
  HessianMap,
  HessianObject,
  type HessianValue,
  readTree,
} from '../../../src/hessian/hessian-tree.ts';
import type { HessianWriter } from '../../../src/hessian/hessian-writer.ts';
import { body, readerOf, singleValueOf, written } from './bodies.ts';

/**
 * A value with its Java type, as three parties understand it: our writer, our tree, and hessian.js, an implementation
 * that shares no code with ours. What hessian.js gets wrong is not made here; each exception names the defect.
 */
type Model =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'long'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'date'; readonly ms: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'binary'; readonly value: Buffer }
  | { readonly kind: 'list'; readonly type: string; readonly items: readonly Model[] }
  | { readonly kind: 'map'; readonly type: string; readonly entries: readonly (readonly [string, Model])[] }
  | { readonly kind: 'object'; readonly className: string; readonly entries: readonly (readonly [string, Model])[] };

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(31, 32, 1023, 1024, 32_767, 32_768, 32_769).map((units) => 'é'.repeat(units)),
  fc.constantFrom(16_383, 16_384, 16_385, 32_768).map((pairs) => `x${'😀'.repeat(pairs)}`),
);

// Defects: a map key or field `__proto__` sets the prototype of the result and `$map` meets a property of its own;
// `$class` and `$` make a map an object of that class when written; fields like `this$0` are dropped when read.
const key = fc
  .oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 }), fc.constant('constructor'))
  .filter((name) => !['__proto__', '$class', '$', '$map'].includes(name) && !/^this\$\d+$/.test(name));

const safeLong = fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n });
const long = fc.oneof(
  safeLong,
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(-9n, -8n, 15n, 16n, -2049n, -2048n, 2047n, 2048n, -262145n, -262144n, 262143n, 262144n),
  fc.constantFrom(-(2n ** 31n) - 1n, -(2n ** 31n), 2n ** 31n - 1n, 2n ** 31n, 2n ** 63n - 1n, -(2n ** 63n)),
);
const int = fc.oneof(
  fc.integer(),
  fc.constantFrom(-17, -16, 47, 48, -2049, -2048, 2047, 2048, -262145, -262144, 262143, 262144),
);
const double = fc.oneof(
  fc.double(),
  fc.integer({ min: -100_000, max: 100_000 }).map((mills) => mills * 0.001),
  fc.integer({ min: -100_000, max: 100_000 }).map((mills) => mills / 1000),
  fc.integer({ min: -33_000, max: 33_000 }),
);
// Defect: dates past 2^53 ms come out as Invalid Date; JavaScript's own range ends before.
const dateMs = fc.oneof(
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.integer({ min: -(2 ** 31) - 2, max: 2 ** 31 + 1 }).map((minutes) => minutes * 60_000),
);

const model = fc.letrec<{ value: Model; list: Model; map: Model; object: Model }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant<Model>({ kind: 'null' }),
    fc.boolean().map((value): Model => ({ kind: 'boolean', value })),
    int.map((value): Model => ({ kind: 'int', value })),
    long.map((value): Model => ({ kind: 'long', value })),
    double.map((value): Model => ({ kind: 'double', value })),
    dateMs.map((ms): Model => ({ kind: 'date', ms: ms + 0 })),
    text.map((value): Model => ({ kind: 'string', value })),
    fc.uint8Array({ maxLength: 40 }).map((bytes): Model => ({ kind: 'binary', value: Buffer.from(bytes) })),
    fc
      .constantFrom(1023, 1024, 4093, 4094, 9000, 32_768, 32_769)
      .map((count): Model => ({ kind: 'binary', value: Buffer.alloc(count, count & 255) })),
    tie('list'),
    tie('map'),
    tie('object'),
  ),
  list: fc
    .record({
      // Defect: a list typed `__proto__` or `toString` is looked up in a plain object; these names are not.
      type: fc.constantFrom('', '[int', '[object', '[demo.User', 'demo.Users'),
      items: fc.array(tie('value'), { maxLength: 10 }),
    })
    .map(({ type, items }): Model => ({ kind: 'list', type, items })),
  map: fc
    .record({
      type: fc.constantFrom('', 'demo.Map', 'demo.OtherMap'),
      // Keys are text and unlike each other: hessian.js turns keys into properties.
      entries: fc.uniqueArray(fc.tuple(key, tie('value')), { maxLength: 6, selector: ([name]) => name }),
    })
    .map(({ type, entries }): Model => ({ kind: 'map', type, entries })),
  object: fc
    .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 6, selector: ([name]) => name })
    .map((entries): Model => ({ kind: 'object', className: classNameFor(entries.map(([name]) => name)), entries })),
}));

/**
 * Defects: hessian.js keeps the definition of a class for ever under its name alone, makes a JavaScript error of a class
 * named `…Exception`, and looks class names up in a plain object. So each list of fields gets a name of its own.
 */
function classNameFor(fields: readonly string[]): string {
  return `demo.C${createHash('sha1').update(JSON.stringify(fields)).digest('hex')}`;
}

/** What our writer does with a model. */
function write(writer: HessianWriter, value: Model): void {
  switch (value.kind) {
    case 'null':
      writer.nullValue();
      return;
    case 'boolean':
      writer.boolean(value.value);
      return;
    case 'int':
      writer.int(value.value);
      return;
    case 'long':
      writer.long(Number(value.value >> 32n), Number(BigInt.asIntN(32, value.value)));
      return;
    case 'double':
      writer.double(value.value);
      return;
    case 'date':
      writer.dateMs(value.ms);
      return;
    case 'string':
      writer.string(value.value);
      return;
    case 'binary':
      writer.binary(value.value);
      return;
    case 'list':
      if (value.type === '') writer.listStart(value.items.length);
      else writer.typedListStart(value.type, value.items.length);
      for (const item of value.items) write(writer, item);
      return;
    case 'map':
      if (value.type === '') writer.untypedMapStart();
      else writer.typedMapStart(value.type);
      for (const [name, entry] of value.entries) {
        writer.string(name);
        write(writer, entry);
      }
      writer.mapEnd();
      return;
    case 'object':
      writer.objectStart(
        value.className,
        value.entries.map(([name]) => name),
      );
      for (const [, entry] of value.entries) write(writer, entry);
  }
}

/** What our tree should hold for a model. */
function tree(value: Model): HessianValue {
  switch (value.kind) {
    case 'null':
      return null;
    case 'date':
      return new HessianDate(BigInt(value.ms));
    case 'list': {
      const list = new HessianList(value.type);
      list.items.push(...value.items.map(tree));
      return list;
    }
    case 'map': {
      const map = new HessianMap(value.type);
      map.entries.push(...value.entries.map(([name, entry]): [string, HessianValue] => [name, tree(entry)]));
      return map;
    }
    case 'object': {
      const object = new HessianObject(value.className);
      for (const [name, entry] of value.entries) object.fields.set(name, tree(entry));
      return object;
    }
    default:
      return value.value;
  }
}

/** What hessian.js gives for a model, with types. */
function readByHessianJs(value: Model): unknown {
  switch (value.kind) {
    case 'null':
      return null;
    case 'boolean':
      return { $class: 'boolean', $: value.value };
    case 'long':
      // Defect: numbers inside of ±(2^53 - 1), strings outside.
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : String(value.value);
    case 'date':
      return new Date(value.ms);
    case 'list': {
      const items = value.items.map(readByHessianJs);
      return value.type === '' ? items : { $class: value.type, $: items };
    }
    case 'map':
    case 'object': {
      const members = Object.fromEntries(value.entries.map(([name, entry]) => [name, readByHessianJs(entry)]));
      const type = value.kind === 'map' ? value.type || 'java.util.HashMap' : value.className;
      return { $class: type, $: members };
    }
    default:
      return value.value;
  }
}

/** A model as hessian.js must be told it, so that it writes these types. */
function toldToHessianJs(value: Model): unknown {
  switch (value.kind) {
    case 'null':
      return null;
    case 'boolean':
    case 'string':
    case 'binary':
      return value.value;
    case 'int':
      return { $class: 'int', $: value.value };
    case 'long':
      return { $class: 'long', $: String(value.value) };
    case 'double':
      return { $class: 'double', $: value.value };
    case 'date':
      return new Date(value.ms);
    case 'list': {
      const items = value.items.map(toldToHessianJs);
      return value.type === '' ? items : { $class: value.type, $: items };
    }
    case 'map':
      return Object.fromEntries(value.entries.map(([name, entry]) => [name, toldToHessianJs(entry)]));
    case 'object':
      return {
        $class: value.className,
        $: Object.fromEntries(value.entries.map(([name, entry]) => [name, toldToHessianJs(entry)])),
      };
  }
}

/** True when hessian.js can write the model as it stands. */
function writableByHessianJs(value: Model): boolean {
  switch (value.kind) {
    case 'double':
      // Defects: -0 loses its sign, NaN and the infinities become null.
      return Number.isFinite(value.value) && !Object.is(value.value, -0);
    case 'list':
      return value.items.every(writableByHessianJs);
    case 'map':
      // Typed maps cannot be told to it.
      return value.type === '' && value.entries.every(([, entry]) => writableByHessianJs(entry));
    case 'object':
      return value.entries.every(([, entry]) => writableByHessianJs(entry));
    default:
      return true;
  }
}

/** Defect: hessian.js sorts the keys of maps, and JavaScript puts keys that look like integers first. */
function withSortedKeys(value: HessianValue): HessianValue {
  if (value instanceof HessianList) {
    const list = new HessianList(value.type);
    list.items.push(...value.items.map(withSortedKeys));
    return list;
  }
  if (value instanceof HessianMap) {
    const map = new HessianMap(value.type);
    map.entries.push(
      ...value.entries.map(([name, entry]): [HessianValue, HessianValue] => [name, withSortedKeys(entry)]),
    );
    map.entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    return map;
  }
  if (value instanceof HessianObject) {
    const object = new HessianObject('');
    for (const name of [...value.fields.keys()].sort()) object.fields.set(name, withSortedKeys(value.get(name)!));
    return object;
  }
  return value;
}

describe('Our writer, our tree and hessian.js', () => {
  it('our tree reads what our writer wrote', () => {
    fc.assert(
      fc.property(model.value, (value) => {
        assert.deepEqual(singleValueOf(written((writer) => write(writer, value))), tree(value));
      }),
      { numRuns: 500 },
    );
  });

  it('hessian.js reads what our writer wrote', () => {
    fc.assert(
      fc.property(model.value, (value) => {
        const bytes = written((writer) => write(writer, value));
        const decoder = new DecoderV2(bytes);
        assert.deepEqual(decoder.read(true), readByHessianJs(value));
        assert.equal(decoder.byteBuffer.position(), bytes.length);
      }),
      { numRuns: 500 },
    );
  });

  it('our tree reads what hessian.js wrote', () => {
    const encoder = new EncoderV2();
    fc.assert(
      fc.property(model.value.filter(writableByHessianJs), (value) => {
        const bytes = Buffer.from(encoder.reset().write(toldToHessianJs(value)).get());
        assert.deepEqual(withSortedKeys(singleValueOf(bytes)), withSortedKeys(tree(value)));
      }),
      { numRuns: 500 },
    );
  });

  it('both write the same bytes for the same scalar', () => {
    const encoder = new EncoderV2();
    const scalar = fc.oneof(
      int.map((value): Model => ({ kind: 'int', value })),
      long.map((value): Model => ({ kind: 'long', value })),
      double.map((value): Model => ({ kind: 'double', value })),
      dateMs.map((ms): Model => ({ kind: 'date', ms: ms + 0 })),
      text.map((value): Model => ({ kind: 'string', value })),
      // Chunks of binaries differ: hessian.js writes them of 4,093 bytes.
      fc.uint8Array({ maxLength: 1023 }).map((bytes): Model => ({ kind: 'binary', value: Buffer.from(bytes) })),
    );
    fc.assert(
      fc.property(scalar.filter(writableByHessianJs), (value) => {
        const theirs = encoder.reset().write(toldToHessianJs(value)).get();
        assert.equal(written((writer) => write(writer, value)).toString('hex'), theirs.toString('hex'));
      }),
      { numRuns: 1000 },
    );
  });

  it('a body of several values shares its tables', () => {
    fc.assert(
      fc.property(fc.array(model.value, { maxLength: 4 }), (values) => {
        const bytes = written((writer) => {
          for (const value of values) write(writer, value);
        });
        const decoder = new DecoderV2(bytes);
        const reader = readerOf(bytes);
        for (const value of values) {
          assert.deepEqual(decoder.read(true), readByHessianJs(value));
          assert.deepEqual(readTree(reader), tree(value));
        }
        assert.equal(reader.position, bytes.length);
      }),
      { numRuns: 150 },
    );
  });

  it('references written by hessian.js lead to the same container', () => {
    const shared = { name: 'shared' };
    const cycle: { name: string; list: unknown[] } = { name: 'cycle', list: [] };
    cycle.list.push(cycle, shared);
    const user = { $class: 'demo.SharedUser', $: { friend: null as unknown } };
    user.$.friend = user;
    const bytes = Buffer.from(new EncoderV2().write([shared, shared, cycle, user, cycle.list, user]).get());
    const { items } = singleValueOf(bytes) as HessianList;
    assert.equal(items[1], items[0]);
    const cycleMap = items[2] as HessianMap;
    const list = cycleMap.get('list') as HessianList;
    assert.equal(list.items[0], cycleMap);
    assert.equal(list.items[1], items[0]);
    const userObject = items[3] as HessianObject;
    assert.equal(userObject.get('friend'), userObject);
    assert.equal(items[4], list);
    assert.equal(items[5], userObject);
  });

  it('our reader refuses what hessian.js takes without a word', () => {
    // Cut binary, reference and type number out of the table, negative length, overlong NUL, text cut in a character.
    for (const bytes of ['42 0010 01', '51 95', '70 95', '58 8f', '01 c080', '01 e4']) {
      assert.doesNotThrow(() => new DecoderV2(body(bytes)).read(true), bytes);
      assert.throws(() => singleValueOf(bytes), { name: 'HessianError' }, bytes);
    }
  });
});
