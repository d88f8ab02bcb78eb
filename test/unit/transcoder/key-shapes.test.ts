import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import { KeyShapes } from '../../../src/transcoder/key-shapes.ts';
import type { KeyBranch, KnownKey } from '../../../src/transcoder/known-key.ts';
import { ShapeBudget } from '../../../src/transcoder/shape-budget.ts';
import { textBytes } from '../../support/value-recipe.ts';

const MAX_FOLLOWERS = 8;
const MAX_KEYS = 1_024;
/** Keys refused until all are learnt anew, the first time. */
const FIRST_PATIENCE = 16_384;

/** A reader that stands before the bytes; what follows them in the body is a value. */
function readerAt(bytes: Buffer, value = Buffer.of(0x54)): HessianReader {
  const reader = new HessianReader();
  const end = 1 + bytes.length + value.length;
  reader.reset(Buffer.concat([Buffer.of(0x48), bytes, value, Buffer.from('xxxx')]), 1, end);
  return reader;
}

/** What comes of a key at a place: found, learnt, or neither. The reader stands behind it or before it accordingly. */
function look(shapes: KeyShapes, branch: KeyBranch, bytes: Buffer): { key: KnownKey | undefined; how: string } {
  const reader = readerAt(bytes);
  const found = branch.find(reader.bytes, reader.position, reader.end);
  if (found !== undefined) return { key: found, how: 'found' };
  const learnt = shapes.learn(branch, reader);
  assert.equal(reader.position, reader.base + (learnt === undefined ? 0 : bytes.length));
  return { key: learnt, how: learnt === undefined ? 'unknown' : 'learnt' };
}

function lookFor(shapes: KeyShapes, branch: KeyBranch, ...names: readonly string[]): string[] {
  return names.map((name) => look(shapes, branch, textBytes(name, [])).how);
}

/** A key that is known from now on. */
function teach(shapes: KeyShapes, branch: KeyBranch, name: string): KnownKey {
  for (let i = 0; i < 3; i++) {
    const { key } = look(shapes, branch, textBytes(name, []));
    if (key !== undefined) return key;
  }
  throw new Error(`${name} was not learnt`);
}

function jsonOf(key: KnownKey): string {
  const out = new ByteWriter(1);
  key.json.write(out);
  return out.take().toString();
}

describe('the keys of a route', () => {
  it('are learnt when they come to their place a second time', () => {
    const shapes = new KeyShapes(new ShapeBudget());
    assert.deepEqual(lookFor(shapes, shapes.root, 'id', 'id', 'id'), ['unknown', 'learnt', 'found']);
    assert.deepEqual(lookFor(shapes, shapes.root, 'a', 'b', 'b', 'a', 'a'), [
      ...['unknown', 'unknown', 'learnt', 'learnt', 'found'],
    ]);
  });

  it('are known at their own place alone', () => {
    const shapes = new KeyShapes(new ShapeBudget());
    const id = teach(shapes, shapes.root, 'id');
    assert.deepEqual(lookFor(shapes, id.after, 'id'), ['unknown']);
    assert.deepEqual(lookFor(shapes, id.inside, 'id'), ['unknown']);
    assert.deepEqual(lookFor(shapes, new KeyShapes(new ShapeBudget()).root, 'id'), ['unknown']);
  });

  it('are told from others by all their bytes', () => {
    const shapes = new KeyShapes(new ShapeBudget());
    const names = ['a', 'ab', 'abc', 'b', 'é', 'e', '', 'aé'];
    const keys = names.map((name) => teach(shapes, shapes.root, name));
    for (const [index, name] of names.entries()) {
      for (let turn = 0; turn < 2; turn++) {
        assert.equal(look(shapes, shapes.root, textBytes(name, [])).key, keys[index], name);
      }
    }
    assert.deepEqual(lookFor(shapes, shapes.root, 'abcd', 'è'), ['unknown', 'unknown']);
  });

  it('are written as JSON behind a comma, however often', () => {
    const shapes = new KeyShapes(new ShapeBudget());
    const names = ['', 'id', '"\\\n', 'é中😀', '\ud800', '\u007f', `${'k'.repeat(62)}é`];
    for (const name of names) {
      const key = teach(shapes, shapes.root, name);
      for (let turn = 0; turn < 4; turn++) assert.equal(jsonOf(key), `,${JSON.stringify(name)}:`);
    }
  });

  it('are never learnt where they are long, in pieces, no text, or cut off', () => {
    const shapes = new KeyShapes(new ShapeBudget());
    const notLearnt = [
      textBytes('k'.repeat(65), []),
      textBytes('pieces', [3]),
      Buffer.from('530001', 'hex'),
      ...['91', '4e', '5a', '485a', '43', ''].map((hex) => Buffer.from(hex, 'hex')),
    ];
    for (const bytes of notLearnt) {
      for (let turn = 0; turn < 3; turn++) assert.equal(look(shapes, shapes.root, bytes).how, 'unknown', `${bytes}`);
    }
    const whole = textBytes('k'.repeat(64), []);
    assert.deepEqual(
      [look(shapes, shapes.root, whole).how, look(shapes, shapes.root, whole).how],
      ['unknown', 'learnt'],
    );
    for (let length = 1; length < whole.length; length++) {
      const cut = readerAt(whole.subarray(0, length), Buffer.alloc(0));
      assert.equal(shapes.root.find(cut.bytes, cut.position, cut.end), undefined, `cut to ${length}`);
    }
  });

  it('throw what the reader throws where they are malformed or cut off', () => {
    for (const hex of ['02c341', '01ff', '0361', '3003']) {
      const shapes = new KeyShapes(new ShapeBudget());
      const learn = () => {
        for (let turn = 0; turn < 3; turn++) {
          assert.equal(shapes.learn(shapes.root, readerAt(Buffer.from(hex, 'hex'))), undefined);
        }
      };
      assert.throws(learn, HessianError, hex);
    }
  });

  it('know the key class, whose values may be names of classes', () => {
    const shapes = new KeyShapes(new ShapeBudget());
    assert.notEqual(teach(shapes, shapes.root, 'class').classNames, undefined);
    for (const name of ['clas', 'classs', 'Class'])
      assert.equal(teach(shapes, shapes.root, name).classNames, undefined);
  });

  it('are at most eight at one place', () => {
    const shapes = new KeyShapes(new ShapeBudget());
    for (let i = 0; i < MAX_FOLLOWERS; i++) teach(shapes, shapes.root, `k${i}`);
    assert.deepEqual(lookFor(shapes, shapes.root, 'more', 'more', 'more'), ['unknown', 'unknown', 'unknown']);
    assert.deepEqual(lookFor(shapes, shapes.root, 'k0', 'k7'), ['found', 'found']);
  });

  it('take turns, up to eight of them', () => {
    const shapes = new KeyShapes(new ShapeBudget());
    const names = Array.from({ length: MAX_FOLLOWERS }, (_, i) => `k${i}`);
    const all = (how: string) => names.map(() => how);
    assert.deepEqual(lookFor(shapes, shapes.root, ...names), all('unknown'));
    assert.deepEqual(lookFor(shapes, shapes.root, ...names), all('learnt'));
    assert.deepEqual(lookFor(shapes, shapes.root, ...names), all('found'));
  });

  it('are not learnt where they are ever new, and what lies under them has one place', () => {
    const budget = new ShapeBudget();
    const shapes = new KeyShapes(budget);
    const { root } = shapes;
    assert.equal(shapes.insideStrangers(root), undefined, 'no unknown keys yet');
    for (let i = 0; i < 15; i++) look(shapes, root, textBytes(`id-${i}`, []));
    assert.equal(shapes.insideStrangers(root), undefined, 'few');
    for (let i = 15; i < 100_000; i++) look(shapes, root, textBytes(`id-${i}`, []));
    assert.equal(budget.learnt, 0);
    const inside = shapes.insideStrangers(root);
    assert.ok(inside !== undefined);
    assert.equal(shapes.insideStrangers(root), inside);
    assert.equal(teach(shapes, inside, 'name').classNames, undefined);
    assert.ok(budget.bytes < 2_000, `${budget.bytes}`);
  });
});

describe('the bounds of a route', () => {
  /** A chain of so many keys, each behind the one before. */
  function teachChain(shapes: KeyShapes, length: number, prefix = 'k'): KnownKey[] {
    const keys: KnownKey[] = [];
    let branch = shapes.root;
    for (let i = 0; i < length; i++) {
      const key = teach(shapes, branch, `${prefix}${i}`);
      keys.push(key);
      branch = key.after;
    }
    return keys;
  }

  it('end what is learnt at 1,024 keys, which stay known', () => {
    const budget = new ShapeBudget();
    const shapes = new KeyShapes(budget);
    const keys = teachChain(shapes, MAX_KEYS);
    assert.deepEqual(lookFor(shapes, keys.at(-1)!.after, 'x', 'x', 'x'), ['unknown', 'unknown', 'unknown']);
    assert.deepEqual(lookFor(shapes, shapes.root, 'k0'), ['found']);
    assert.equal(budget.learnt, MAX_KEYS);
    assert.ok(budget.bytes < 900 * MAX_KEYS, `${budget.bytes}`);
    for (let i = 0; i < 20; i++) look(shapes, shapes.root, textBytes('y', []));
    assert.equal(shapes.insideStrangers(shapes.root), undefined, 'that would be one more');
  });

  it('let all be learnt anew when many keys were refused, and more seldom each time', () => {
    const shapes = new KeyShapes(new ShapeBudget());
    for (let round = 0; round < 4; round++) {
      teachChain(shapes, MAX_KEYS, `round${round}-`);
      const refusals = FIRST_PATIENCE * 2 ** round;
      const bytes = textBytes('new', []);
      const { root } = shapes;
      for (let i = 0; i < refusals; i++) assert.equal(shapes.learn(root, readerAt(bytes)), undefined);
      assert.equal(shapes.root, root, 'not yet');
      shapes.learn(root, readerAt(bytes));
      assert.notEqual(shapes.root, root);
      assert.equal(shapes.bytes, 0);
      assert.deepEqual(lookFor(shapes, shapes.root, `round${round}-0`, 'new', 'new'), ['unknown', 'unknown', 'learnt']);
      shapes.forget();
    }
  });

  it('are those of the budget too: where it is full, nothing is read and nothing learnt', () => {
    const budget = new ShapeBudget(2_000);
    const shapes = new KeyShapes(budget);
    teachChain(shapes, 2);
    assert.deepEqual(lookFor(shapes, shapes.root, 'x', 'x', 'x', 'k0'), ['unknown', 'unknown', 'unknown', 'found']);
    assert.equal(budget.refused, 1);
    assert.equal(shapes.bytes, budget.bytes);
  });

  it('hold when all is forgotten in the middle of an answer', () => {
    const budget = new ShapeBudget();
    const shapes = new KeyShapes(budget);
    const [first] = teachChain(shapes, 3);
    const { root } = shapes;
    shapes.forget();
    assert.equal(budget.bytes, 0);
    assert.equal(look(shapes, root, textBytes('k0', [])).key, first, 'the answer goes on with what it holds');
    assert.deepEqual(lookFor(shapes, root, 'x', 'x', 'x'), ['unknown', 'unknown', 'unknown']);
    assert.equal(budget.bytes, 0, 'and learns nothing that would hang in the air');
    assert.deepEqual(lookFor(shapes, shapes.root, 'k0', 'k0'), ['unknown', 'learnt']);
  });
});
