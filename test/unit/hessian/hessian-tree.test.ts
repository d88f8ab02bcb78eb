import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import {
  HessianBackReference,
  type HessianDate,
  type HessianList,
  type HessianMap,
  type HessianObject,
  readTree,
  readTreeOf,
} from '../../../src/hessian/hessian-tree.ts';
import { skipValue } from '../../../src/hessian/skip-value.ts';
import * as Token from '../../../src/hessian/token.ts';
import { body, readerOf, singleValueOf, valuesOf } from './bodies.ts';

describe('readTree', () => {
  it('keeps the kinds of numbers apart', () => {
    assert.deepEqual(valuesOf('91 e1 5c'), [1, 1n, 1]);
    assert.equal((singleValueOf('4b 00000001') as HessianDate).ms, 60_000n);
  });

  it('reads values until the end of the body and no further', () => {
    const reader = readerOf("01'a' 91 48 5a");
    assert.equal(readTree(reader), 'a');
    assert.equal(readTree(reader), 1);
    assert.equal((readTree(reader) as HessianMap).entries.length, 0);
    assert.throws(() => readTree(reader), { name: 'HessianError', fault: 'truncated', offset: 5 });
  });

  it('goes on from a head that was read already', () => {
    const reader = readerOf("7a 01'a' 91 92");
    const token = reader.next();
    assert.equal(token, Token.LIST);
    assert.deepEqual((readTreeOf(reader, token) as HessianList).items, ['a', 1]);
    assert.equal(readTree(reader), 2);
  });

  it('marks a reference that leads outside of the part', () => {
    const reader = readerOf('7a 48 5a 7a 51 91 51 92');
    reader.next();
    skipValue(reader);
    const list = readTree(reader) as HessianList;
    assert.ok(list.items[0] instanceof HessianBackReference);
    assert.equal(list.items[0].reference, 1);
    assert.equal(list.items[1], list);
  });

  it('keeps the last of two fields of one name', () => {
    const object = singleValueOf("43 01'C' 92 01'a' 01'a' 60 91 92") as HessianObject;
    assert.equal(object.get('a'), 2);
    assert.equal(object.fields.size, 1);
  });

  it('decodes the names of a class once for all of its objects', () => {
    let decoded = 0;
    class CountingReader extends HessianReader {
      override classNames(
        definition: Parameters<HessianReader['classNames']>[0],
      ): ReturnType<HessianReader['classNames']> {
        decoded++;
        return super.classNames(definition);
      }
    }
    const reader = new CountingReader();
    reader.reset(body("7b 43 01'C' 91 01'a' 60 91 60 92 43 01'D' 90 61"));
    const objects = (readTree(reader) as HessianList).items as HessianObject[];
    assert.deepEqual(
      objects.map((object) => object.className),
      ['C', 'C', 'D'],
    );
    assert.equal(decoded, 2);
  });

  it('holds exactly as many values as it may', () => {
    for (const bytes of ['7a 7891', "48 01'a' 91 5a", "43 01'C' 92 01'a' 01'b' 60 91 01'x'"]) {
      assert.doesNotThrow(() => readTree(readerOf(bytes), 3), bytes);
      assert.throws(() => readTree(readerOf(bytes), 2), { name: 'HessianError', fault: 'limit' }, bytes);
    }
    const list = Buffer.concat([body('58 49 00030d40'), Buffer.alloc(200_000, 0x4e)]);
    assert.throws(() => readTree(readerOf(list)), { fault: 'limit', message: /too many values/ });
    assert.equal((readTree(readerOf(list), 200_001) as HessianList).items.length, 200_000);
  });

  it('refuses an end where a value should be', () => {
    for (const [bytes, offset] of [
      ['5a', 0],
      ['79 5a', 1],
      ["48 01'a' 5a", 3],
      ["43 01'C' 91 01'a' 60 5a", 7],
      ['57 58 91 5a', 3],
    ] as const) {
      for (const read of [readTree, skipValue]) {
        assert.throws(() => read(readerOf(bytes)), { name: 'HessianError', fault: 'invalid', offset }, bytes);
      }
    }
  });
});

describe('HessianError', () => {
  it('says what and where, and carries no stack', () => {
    const error = new HessianError('limit', 7, 'too many things');
    assert.equal(error.message, 'too many things at byte 7');
    assert.equal(error.name, 'HessianError');
    assert.ok(error instanceof Error);
    assert.doesNotMatch(error.stack ?? '', /\n/);
    assert.match(new Error('other').stack ?? '', /\n/);
  });
});
