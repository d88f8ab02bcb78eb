import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type JsonDocument, NO_NODE, parseJson } from '../../../src/json/json-document.ts';
import { JsonKind, keyHash } from '../../../src/json/json-tape.ts';
import { fastestMs } from '../../support/fastest-ms.ts';
import { toJavaScript } from '../../support/json-to-javascript.ts';

function parse(text: string): JsonDocument {
  return parseJson(Buffer.from(text), 64);
}

function keysOf(doc: JsonDocument, object: number): string[] {
  const keys: string[] = [];
  const end = doc.end(object);
  for (let key = doc.firstMember(object); key < end; key = doc.nextMember(key, end)) keys.push(doc.stringValue(key));
  return keys;
}

describe('JsonDocument: repeated keys', () => {
  it('shows the last of each, as JSON.parse does', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'é', 'ab', '__proto__', 'x"y', '');
    const value = fc.constantFrom('1', '[1,{"a":2,"a":3}]', '"x"', '{"a":1,"b":2,"a":{}}');
    // A key may also be written with an escape: the same key in other bytes.
    const key = fc
      .tuple(names, fc.boolean())
      .map(([name, escaped]) =>
        escaped && name !== ''
          ? `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${JSON.stringify(name.slice(1)).slice(1)}`
          : JSON.stringify(name),
      );
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 40 }), (members) => {
        const text = `[{${members.map(([name, json]) => `${name}:${json}`).join(',')}},7]`;
        const doc = parse(text);
        const expected = JSON.parse(text) as [Record<string, unknown>, number];
        assert.deepEqual(toJavaScript(doc), expected);
        assert.equal(doc.childCount(doc.firstChild(doc.root)), Object.keys(expected[0]).length);
      }),
      { numRuns: 500 },
    );
  });

  it('never passes the end of an inner object into dead keys of the outer', () => {
    const doc = parse('{"in":{"x":1,"x":2},"in":{"y":1},"z":{},"z":[]}');
    assert.deepEqual(keysOf(doc, doc.root), ['in', 'z']);
    assert.deepEqual(toJavaScript(doc), { in: { y: 1 }, z: [] });
  });

  it('keeps keys apart whose hashes collide', () => {
    const [one, two] = collidingKeys();
    assert.equal(keyHash(Buffer.from(one)), keyHash(Buffer.from(two)));
    const doc = parse(`{"${one}":1,"${two}":2,"${one}":3}`);
    assert.deepEqual(toJavaScript(doc), { [two]: 2, [one]: 3 });
  });

  it('stays linear for 50,000 equal keys', () => {
    const text = `{${'"key":1,'.repeat(49_999)}"key":2}`;
    const ms = fastestMs(5, () => assert.deepEqual(toJavaScript(parse(text)), { key: 2 }));
    assert.ok(ms < 500, `${ms} ms`);
  });
});

describe('JsonDocument: look-up', () => {
  const doc = parse('{"a":[10,{"b":"x"},[]],"é":1,"q\\u0041":2,"__proto__":{"constructor":5},"":0}');

  it('finds by key and index', () => {
    assert.equal(doc.numberText(doc.at(['a', 0])), '10');
    assert.equal(doc.stringValue(doc.at(['a', 1, 'b'])), 'x');
    assert.equal(doc.kind(doc.at(['a', 2])), JsonKind.Array);
    assert.equal(doc.numberText(doc.at(['é'])), '1');
    assert.equal(doc.numberText(doc.at(['qA'])), '2');
    assert.equal(doc.numberText(doc.at([''])), '0');
    assert.equal(doc.at([]), doc.root);
  });

  it('answers NO_NODE for what is not there', () => {
    for (const path of [['b'], ['a', 3], ['a', -1], ['a', 'b'], [0], ['a', 0, 'x'], ['a', 1, 'c', 'd'], ['toString']]) {
      assert.equal(doc.at(path), NO_NODE, JSON.stringify(path));
    }
  });

  it('takes keys of prototypes as data', () => {
    assert.equal(doc.numberText(doc.at(['__proto__', 'constructor'])), '5');
    assert.deepEqual(keysOf(doc, doc.root), ['a', 'é', 'qA', '__proto__', '']);
  });

  it('counts children', () => {
    assert.equal(doc.childCount(doc.root), 5);
    assert.equal(doc.childCount(doc.at(['a'])), 3);
    assert.equal(doc.childCount(doc.at(['a', 2])), 0);
    assert.equal(doc.childCount(doc.at(['a', 0])), 0);
  });

  it('compares text with escapes and beyond ASCII', () => {
    const words = parse('["cl\\u0061ss","class","classes","é","clas"]');
    const equal: boolean[] = [];
    for (let n = words.firstChild(0); n < words.end(0); n = words.next(n)) equal.push(words.equals(n, 'class'));
    assert.deepEqual(equal, [true, true, false, false, false]);
    assert.equal(words.equals(words.at([3]), 'é'), true);
    assert.equal(words.keyHash(parse('{"class":1}').firstMember(0)) === 0, false);
  });

  it('keeps the hash of a key for tables', () => {
    const object = parse('{"user":1,"é":2}');
    const first = object.firstMember(object.root);
    assert.equal(object.keyHash(first), keyHash(Buffer.from('user')));
    assert.equal(object.keyHash(object.nextMember(first, object.end(object.root))), keyHash(Buffer.from('é')));
  });
});

describe('JsonDocument: several at a time', () => {
  it('stays what it is when others are parsed and read in between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.json({ maxDepth: 3 }), { minLength: 2, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (texts, order) => {
          const docs = texts.map(parse);
          for (const pick of order) {
            const index = pick % docs.length;
            assert.deepEqual(toJavaScript(docs[index]!), JSON.parse(texts[index]!));
            assert.throws(() => parse('{"broken":["x",1'));
          }
          for (const [index, doc] of docs.entries()) assert.deepEqual(toJavaScript(doc), JSON.parse(texts[index]!));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has the bytes behind its text for reading by words', () => {
    const first = parse('["abc"]');
    const second = parse('"0123456789"');
    for (const doc of [first, second, first]) {
      const { words } = doc;
      for (let at = 0; at < doc.bytes.length; at++) {
        const bytes = Buffer.alloc(8);
        bytes.writeDoubleLE(words.getFloat64(at, true));
        assert.equal(bytes.toString('latin1', 0, doc.bytes.length - at), doc.bytes.toString('latin1', at, at + 8));
      }
    }
  });
});

/** Two ASCII keys of the same hash, found by a birthday search over a counter. */
function collidingKeys(): [string, string] {
  const seen = new Map<number, string>();
  for (let i = 0; ; i++) {
    const key = `k${i.toString(36)}`;
    const hash = keyHash(Buffer.from(key));
    const other = seen.get(hash);
    if (other !== undefined) return [other, key];
    seen.set(hash, key);
  }
}
