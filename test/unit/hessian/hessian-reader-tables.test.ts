import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import {
  HessianBackReference,
  type HessianList,
  type HessianMap,
  type HessianObject,
  readTree,
} from '../../../src/hessian/hessian-tree.ts';
import { skipValueOf } from '../../../src/hessian/skip-value.ts';
import * as Token from '../../../src/hessian/token.ts';
import { body, faultOf, readerOf, singleValueOf, valuesOf } from './bodies.ts';

describe('HessianReader, lists', () => {
  it('reads fixed and open lists, typed and untyped', () => {
    const forms: [string, string, number][] = [
      ['7a 9192', '', 2],
      ['58 92 9192', '', 2],
      ['57 9192 5a', '', 2],
      ["72 04 '[int' 9192", '[int', 2],
      ["56 04 '[int' 92 9192", '[int', 2],
      ["55 04 '[int' 9192 5a", '[int', 2],
      ['72 00 9192', '', 2],
      ["56 04 '[int' 49 00000002 9192", '[int', 2],
      ['58 c8 02 9192', '', 2],
      ['58 d4 0002 9192', '', 2],
      ['78', '', 0],
      ['58 90', '', 0],
      ['57 5a', '', 0],
    ];
    for (const [bytes, type, count] of forms) {
      const list = singleValueOf(bytes) as HessianList;
      assert.equal(list.type, type, bytes);
      assert.deepEqual(list.items, [1, 2].slice(0, count), bytes);
    }
  });

  it('takes the length of a long list', () => {
    const list = singleValueOf(Buffer.concat([body('58 49 00010000'), Buffer.alloc(65_536, 0x90)])) as HessianList;
    assert.equal(list.items.length, 65_536);
  });

  it('refuses lengths that cannot be', () => {
    assert.equal(faultOf('58 8f'), 'invalid at 2');
    assert.equal(faultOf('58 49 ffffffff'), 'invalid at 6');
    assert.equal(faultOf('58 49 80000000'), 'invalid at 6');
    assert.equal(faultOf('58 49 7fffffff 90'), 'truncated at 6');
    assert.equal(faultOf("56 01 't' 49 7fffffff 90"), 'truncated at 8');
    assert.equal(faultOf('7f 90'), 'truncated at 1');
    assert.equal(faultOf('58 e1 90'), 'invalid at 1'); // a long
    assert.equal(faultOf("58 01 '1' 90"), 'invalid at 1');
    assert.equal(faultOf('58'), 'truncated at 1');
  });
});

describe('HessianReader, maps', () => {
  it('reads keys of every kind, in order, repeated ones too', () => {
    const map = singleValueOf("48 01'a' 91  91 92  4e 93  4a0000000000000000 94  78 95  01'a' 96 5a") as HessianMap;
    assert.deepEqual(
      map.entries.map(([key, value]) => [typeof key === 'object' && key !== null ? key.constructor.name : key, value]),
      [
        ['a', 1],
        [1, 2],
        [null, 3],
        ['HessianDate', 4],
        ['HessianList', 5],
        ['a', 6],
      ],
    );
    assert.equal(map.get('a'), 6);
    assert.equal(map.get('b'), undefined);
  });

  it('reads keys that mean something to JavaScript as text like any other', () => {
    const map = singleValueOf("48 09'__proto__' 48 07'isAdmin' 54 5a 0b'constructor' 91 5a") as HessianMap;
    assert.equal(map.get('constructor'), 1);
    assert.equal((map.get('__proto__') as HessianMap).get('isAdmin'), true);
    assert.equal(map.get('isAdmin'), undefined);
    assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined);
    const object = singleValueOf("43 09'__proto__' 91 09'__proto__' 60 91") as HessianObject;
    assert.equal(object.className, '__proto__');
    assert.equal(object.get('__proto__'), 1);
    assert.equal(Object.getPrototypeOf(object).constructor.name, 'HessianObject');
  });

  it('needs a value for each key', () => {
    assert.equal(faultOf("48 01'a' 5a"), 'invalid at 3');
    assert.equal(faultOf("48 01'a'"), 'truncated at 3');
    assert.equal(faultOf('5a'), 'invalid at 0');
  });
});

describe('HessianReader, type names', () => {
  it('numbers the names of lists and maps in one table', () => {
    const [first, second, third, fourth] = valuesOf("71 01't' 91  4d 01'u' 5a  56 90 91 91  4d c801 5a") as [
      HessianList,
      HessianMap,
      HessianList,
      HessianMap,
    ];
    assert.deepEqual([first.type, second.type, third.type, fourth.type], ['t', 'u', 't', 'u']);
  });

  it('numbers a name before those of the elements', () => {
    const list = singleValueOf("71 01't' 71 01'u' 72 90 78 71 91 4e") as HessianList;
    const inner = list.items[0] as HessianList;
    const third = inner.items[0] as HessianList;
    assert.deepEqual([list.type, inner.type, third.type, (third.items[1] as HessianList).type], ['t', 'u', 't', 'u']);
  });

  it('gives repeated and empty names numbers of their own', () => {
    const values = valuesOf("70 00 70 01't' 70 01't' 70 90 70 91 70 92") as HessianList[];
    assert.deepEqual(
      values.map((value) => value.type),
      ['', 't', 't', '', 't', 't'],
    );
  });

  it('reads names of several chunks and of any script', () => {
    assert.equal((singleValueOf("70 52 0001 'a' 01 'b'") as HessianList).type, 'ab');
    assert.equal((singleValueOf('70 01 e4b8ad') as HessianList).type, '中');
  });

  it('refuses numbers that no name has, and things that are no name', () => {
    assert.equal(faultOf('71 90 4e'), 'invalid at 2');
    assert.equal(faultOf("70 01't' 70 91"), 'invalid at 5');
    assert.equal(faultOf("70 01't' 70 8f"), 'invalid at 5');
    assert.equal(faultOf('4d 4e 5a'), 'invalid at 1');
    assert.equal(faultOf('4d 48 5a'), 'invalid at 1');
    assert.equal(faultOf('4d 21 00 5a'), 'invalid at 1');
    assert.equal(faultOf('4d'), 'truncated at 1');
    assert.equal(faultOf('55'), 'truncated at 1');
  });
});

describe('HessianReader, class definitions', () => {
  it('reads objects of a class by the short and the long code', () => {
    const values = valuesOf(
      "43 01'C' 92 01'a' 01'b' 60 91 92  60 93 94  4f 90 95 96  4f 4900000000 97 98",
    ) as HessianObject[];
    assert.deepEqual(
      values.map((value) => value.className),
      ['C', 'C', 'C', 'C'],
    );
    assert.deepEqual(
      values.map((value) => [value.get('a'), value.get('b')]),
      [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ],
    );
  });

  it('takes definitions between and inside of values', () => {
    const outer = singleValueOf(
      "43 05'Outer' 92 01'x' 01'y' 60 43 05'Inner' 91 01'z' 61 91 48 01'k' 43 04'Last' 90 62 43 04'More' 90 61 92 4e 5a",
    ) as HessianObject;
    assert.equal(outer.className, 'Outer');
    assert.equal((outer.get('x') as HessianObject).className, 'Inner');
    assert.equal((outer.get('x') as HessianObject).get('z'), 1);
    const map = outer.get('y') as HessianMap;
    assert.equal((map.entries[0]![1] as HessianObject).className, 'Last');
    assert.equal((map.entries[1]![0] as HessianObject).get('z'), 2);
  });

  it('takes several definitions before one value, and before a value of another kind', () => {
    const values = valuesOf("43 01'A' 90 43 01'B' 90 43 01'C' 90 61 62 60 43 01'D' 90 91 63");
    assert.deepEqual(
      values.map((value) => (typeof value === 'number' ? value : (value as HessianObject).className)),
      ['B', 'C', 'A', 1, 'D'],
    );
  });

  it('tells two definitions of one name apart', () => {
    const [first, second] = valuesOf("43 01'C' 91 01'a' 43 01'C' 91 01'b' 60 91 61 92") as [
      HessianObject,
      HessianObject,
    ];
    assert.deepEqual([...first.fields], [['a', 1]]);
    assert.deepEqual([...second.fields], [['b', 2]]);
  });

  it('reaches definitions past the sixteenth', () => {
    let text = '';
    for (let i = 0; i < 20; i++) text += `43 02'${String(i).padStart(2, '0')}' 90 `;
    const values = valuesOf(`${text} 6f 4f a0 4f a3`) as HessianObject[];
    assert.deepEqual(
      values.map((value) => value.className),
      ['15', '16', '19'],
    );
  });

  it('keeps the bytes of a definition as its identity, the names as text', () => {
    const bytes = body("4e 43 01'C' 92 01'a' 02 c3a9 78 60 91 92");
    const reader = readerOf(bytes);
    assert.equal(reader.next(), Token.NULL);
    assert.equal(reader.next(), Token.OBJECT);
    const definition = reader.classDefinition(reader.classIndex);
    assert.deepEqual(bytes.subarray(definition.start, definition.end), body("01'C' 92 01'a' 02 c3a9 78"));
    assert.equal(definition.fieldCount, 2);
    const { position } = reader;
    assert.deepEqual(reader.classNames(definition), { name: 'C', fields: ['a', 'éx'] });
    assert.equal(reader.position, position);
    assert.equal(reader.next(), Token.INT);
  });

  it('refuses numbers that no class has, and parts that are none', () => {
    assert.equal(faultOf('60'), 'invalid at 1');
    assert.equal(faultOf("43 01'C' 90 61"), 'invalid at 5');
    assert.equal(faultOf("43 01'C' 90 4f 91"), 'invalid at 6');
    assert.equal(faultOf("43 01'C' 90 4f 8f"), 'invalid at 6');
    assert.equal(faultOf("43 01'C' 90 4f e0"), 'invalid at 5');
    assert.equal(faultOf('43 91 90 60'), 'invalid at 1');
    assert.equal(faultOf('43 43 01 90'), 'invalid at 1');
    assert.equal(faultOf("43 01'C' 4e 60"), 'invalid at 3');
    assert.equal(faultOf("43 01'C' 91 91 60"), 'invalid at 4');
    assert.equal(faultOf("43 01'C' 8f 60"), 'invalid at 4');
    assert.equal(faultOf("43 01'C' 93 00 60"), 'truncated at 4');
    assert.equal(faultOf("43 01'C' 90"), 'truncated at 4');
    assert.equal(faultOf("57 43 01'C' 90 5a"), 'invalid at 5');
    assert.equal(faultOf("48 43 01'C' 90 5a"), 'invalid at 5');
  });

  it('starts each body without the definitions and names of the last', () => {
    const reader = readerOf("43 01'C' 90 60 70 01't'");
    readTree(reader);
    readTree(reader);
    for (const bytes of ['60', '4f90', '7090', '5190']) {
      reader.reset(body(bytes));
      assert.throws(() => reader.next(), { name: 'HessianError', fault: 'invalid' });
    }
  });
});

describe('HessianReader, references', () => {
  it('numbers lists, maps and objects as they start, and nothing else', () => {
    const list = singleValueOf(
      "58 9a  48 5a  43 01'C' 91 01'a' 60 78  91 01'x' 21 00 4a0000000000000000  51 91 51 92 51 93 51 90",
    ) as HessianList;
    const [map, object, , , , , first, second, third, self] = list.items;
    assert.equal(first, map);
    assert.equal(second, object);
    assert.equal(third, (object as HessianObject).get('a'));
    assert.equal(self, list);
  });

  it('refers to a container that is still open, also to itself', () => {
    const object = singleValueOf("43 05'Error' 91 05'cause' 60 51 90") as HessianObject;
    assert.equal(object.get('cause'), object);
    const map = singleValueOf("48 04'self' 51 90 5a") as HessianMap;
    assert.equal(map.get('self'), map);
    const list = singleValueOf('79 79 51 90') as HessianList;
    assert.equal((list.items[0] as HessianList).items[0], list);
  });

  it('counts on over the values of a body', () => {
    const reader = readerOf('78 78 79 51 90');
    readTree(reader);
    readTree(reader);
    const list = readTree(reader) as HessianList;
    assert.deepEqual(list.items, [new HessianBackReference(0)]);
  });

  it('refuses numbers that no container has yet', () => {
    assert.equal(faultOf('51 90'), 'invalid at 2');
    assert.equal(faultOf('79 51 91'), 'invalid at 3');
    assert.equal(faultOf('79 51 8f'), 'invalid at 3');
    assert.equal(faultOf('79 51 49 80000000'), 'invalid at 7');
    assert.equal(faultOf('79 51 e0'), 'invalid at 2');
    assert.equal(faultOf('51'), 'truncated at 1');
  });

  it('shrinks its memory after a large body', () => {
    const reader = readerOf(Buffer.alloc(10_000, 0x78));
    while (reader.position < reader.end) reader.next();
    assert.ok(reader.references.start.length >= 10_000);
    reader.release();
    assert.ok(reader.references.start.length <= 4096);
    assert.equal(reader.references.memoEnd.length, reader.references.start.length);
    assert.equal(reader.bytes.length, 0);
    reader.reset(body('79 78'));
    assert.equal(reader.next(), Token.LIST);
    assert.equal(reader.reference, 0);
  });

  it('starts the memo of each container empty', () => {
    const reader = readerOf('78 78');
    reader.next();
    reader.references.memoEnd[0] = 7;
    reader.reset(body('78'));
    reader.next();
    assert.equal(reader.references.memoEnd[0], -1);
  });
});

describe('HessianReader.rewindTo', () => {
  const BODY = body(
    `4d 01't' 01'a' 43 01'A' 91 01'x' 60 71 01'u' 51 91 01'b'
     58 93 43 01'B' 92 01'y' 01'z' 61 4e 4b00e3838f 4d 91 5a 70 90 01'c' 52 0001 'p' 01'q' 5a`.replaceAll('\n', ''),
  );

  it('gives the same tokens, types and numbers again, from any container', () => {
    const reader = readerOf(BODY);
    const first = trace(reader);
    const { count } = reader.references;
    assert.equal(count, 7);
    for (let reference = 0; reference < count; reference++) {
      reader.rewindTo(reference);
      assert.equal(reader.position, reader.references.start[reference]);
      const again = trace(reader);
      assert.deepEqual(again, first.slice(first.length - again.length), `from container ${reference}`);
      assert.match(again[0]!, new RegExp(` #${reference} `));
      assert.deepEqual([reader.references.count, reader.typeCount, reader.classCount], [7, 2, 2]);
      assert.equal(reader.position, reader.end);
    }
  });

  it('goes back from the middle of a container', () => {
    const reader = readerOf(BODY);
    const first = trace(reader);
    reader.rewindTo(0);
    for (let i = 0; i < 4; i++) skipScalar(reader, reader.next());
    reader.rewindTo(0);
    assert.deepEqual(trace(reader), first);
  });

  it('remembers every container of a large body', () => {
    // Each list has a type and each object a class of its own, so every mark is another.
    const names = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));
    const reader = readerOf(
      names.map((name) => `70 03'${name}' 43 03'${name}' 91 01'x' 4f 49${hexInt(Number(name))} 91`).join(' '),
    );
    const first = trace(reader);
    for (const reference of [1998, 1000, 129, 128, 65, 64, 63]) {
      reader.rewindTo(reference);
      const again = trace(reader);
      assert.deepEqual(again, first.slice(first.length - again.length), `from container ${reference}`);
      assert.deepEqual([reader.references.count, reader.typeCount, reader.classCount], [2000, 1000, 1000]);
    }
  });

  it('reads one container again as a tree', () => {
    const reader = readerOf("7a 43 01'C' 91 01'x' 60 05'value' 91");
    skipValueOf(reader, reader.next(), 0);
    reader.rewindTo(1);
    assert.equal((readTree(reader) as HessianObject).get('x'), 'value');
  });
});

/** Tokens to the end of the body, with everything the reader says of each. */
function trace(reader: HessianReader): string[] {
  const lines: string[] = [];
  while (reader.position < reader.end) {
    const token = reader.next();
    if (token === Token.STRING) lines.push(`string ${reader.string()}`);
    else if (token === Token.LIST) lines.push(`list #${reader.reference} ${reader.type} ${reader.int}`);
    else if (token === Token.MAP) lines.push(`map #${reader.reference} ${reader.type}`);
    else if (token === Token.OBJECT) lines.push(`object #${reader.reference} ${describeClass(reader)}`);
    else if (token === Token.REFERENCE) lines.push(`reference ${reader.int}`);
    else lines.push(`token ${token}`);
  }
  return lines;
}

function describeClass(reader: HessianReader): string {
  const { name, fields } = reader.classNames(reader.classDefinition(reader.classIndex));
  return `${reader.classIndex} ${name}(${fields.join()})`;
}

function hexInt(value: number): string {
  return value.toString(16).padStart(8, '0');
}

function skipScalar(reader: HessianReader, token: Token.Token): void {
  if (token === Token.STRING) reader.skipString();
}
