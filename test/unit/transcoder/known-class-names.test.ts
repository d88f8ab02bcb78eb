import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import { KnownClassNames } from '../../../src/transcoder/known-class-names.ts';
import { textBytes } from '../../support/value-recipe.ts';

/** Whether the value was passed over; the reader stands behind it or before it accordingly. */
function isSkipped(names: KnownClassNames, bytes: Buffer): boolean {
  const reader = new HessianReader();
  reader.reset(Buffer.concat([Buffer.of(0x54), bytes, Buffer.from('xxxx')]), 1, 1 + bytes.length);
  const skipped = names.skip(reader);
  assert.equal(reader.position, skipped ? reader.end : reader.base);
  return skipped;
}

describe('the names behind a key class', () => {
  const classes = [
    'com.acme.A',
    'com.acme.B',
    'com.acme.Ab',
    'com.é.中',
    `com.acme.${'Long'.repeat(100)}`,
    'a.b.C',
    'a.b.D',
  ];
  const others = ['java.util.UUID', 'java.time.Instant', 'Economy', 'a', 'com.acme.', '1.2', `a.${'b'.repeat(600)}`];

  it('are passed over where they are classes, and left where they mean something', () => {
    const names = new KnownClassNames();
    for (let turn = 0; turn < 3; turn++) {
      for (const name of classes) assert.equal(isSkipped(names, textBytes(name, [])), true, name);
      for (const name of others) assert.equal(isSkipped(names, textBytes(name, [])), false, name);
    }
  });

  it('are right in any order, however many there are', () => {
    const names = new KnownClassNames();
    for (let i = 0; i < 2_000; i++) {
      const name = i % 3 === 0 ? others[i % others.length]! : (classes[i % classes.length] ?? `com.acme.New${i}`);
      assert.equal(isSkipped(names, textBytes(i % 7 === 0 ? `${name}${i}.` : name, [])), i % 3 !== 0 && i % 7 !== 0);
    }
  });

  it('are left where they are in pieces, cut off, empty or no text', () => {
    const names = new KnownClassNames();
    const name = textBytes('com.acme.A', []);
    assert.equal(isSkipped(names, name), true);
    for (const hex of ['91', '4e', '00', '485a', '5190', ''])
      assert.equal(isSkipped(names, Buffer.from(hex, 'hex')), false);
    assert.equal(isSkipped(names, textBytes('com.acme.A', [4])), false);
    for (let length = 2; length < name.length; length++) {
      assert.throws(() => isSkipped(names, name.subarray(0, length)), HessianError, `cut to ${length}`);
    }
    assert.throws(() => isSkipped(names, Buffer.from('02c341', 'hex')), HessianError);
  });
});
