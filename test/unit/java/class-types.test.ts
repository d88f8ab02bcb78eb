import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClassTypes, parseClassHead } from '../../../src/java/class-types.ts';
import { formatJavaType, JavaTypeError, parseJavaType } from '../../../src/java/java-type.ts';

const TYPES = createClassTypes({
  'com.acme.User': { id: 'long', tags: 'List<String>', boss: 'com.acme.User' },
  'com.acme.Page<T>': { items: 'List<T>', total: 'long', raw: 'T[]', next: 'com.acme.Page<T>' },
  'com.acme.Pair<A, B>': { left: 'A', right: 'B' },
  'com.acme.Grow<T>': { next: 'com.acme.Grow<com.acme.Pair<T, T>>' },
});

function field(type: string, name: string): string | undefined {
  const found = TYPES.fieldTypes(parseJavaType(type))?.get(name);
  return found === undefined ? undefined : formatJavaType(found);
}

describe('createClassTypes', () => {
  it('gives the declared fields of a class', () => {
    assert.equal(field('com.acme.User', 'id'), 'long');
    assert.equal(field('com.acme.User', 'tags'), 'java.util.List<java.lang.String>');
    assert.equal(field('com.acme.User', 'other'), undefined);
  });

  it('knows nothing of undeclared classes, primitives and arrays', () => {
    for (const type of ['com.acme.Other', 'long', 'com.acme.User[]']) {
      assert.equal(TYPES.fieldTypes(parseJavaType(type)), undefined);
    }
  });

  it('fills in type arguments, also inside others and with array brackets', () => {
    assert.equal(field('com.acme.Page<com.acme.User>', 'items'), 'java.util.List<com.acme.User>');
    assert.equal(field('com.acme.Page<byte[]>', 'raw'), 'byte[][]');
    assert.equal(field('com.acme.Page<com.acme.User>', 'next'), 'com.acme.Page<com.acme.User>');
    assert.equal(field('com.acme.Pair<int, String>', 'right'), 'java.lang.String');
  });

  it('marks what stood for a type variable as unseen, with all its type arguments, and nothing else', () => {
    const fields = TYPES.fieldTypes(parseJavaType('com.acme.Page<List<com.acme.User>>'))!;
    const items = fields.get('items')!;
    assert.equal(items.unseen, undefined);
    assert.equal(items.typeArguments[0]!.unseen, true);
    assert.equal(items.typeArguments[0]!.typeArguments[0]!.unseen, true);
    assert.equal(fields.get('total')!.unseen, undefined);
    assert.equal(fields.get('next')!.unseen, undefined);
    assert.equal(TYPES.fieldTypes(parseJavaType('com.acme.User'))!.get('boss')!.unseen, undefined);
  });

  it('takes a missing type argument for Object', () => {
    assert.equal(field('com.acme.Page', 'items'), 'java.util.List<java.lang.Object>');
  });

  it('gives the same map for the same type, so that recursion can be noticed', () => {
    const page = parseJavaType('com.acme.Page<com.acme.User>');
    const first = TYPES.fieldTypes(page);
    assert.equal(TYPES.fieldTypes(first!.get('next')!), first);
    const user = TYPES.fieldTypes(parseJavaType('com.acme.User'));
    assert.equal(TYPES.fieldTypes(user!.get('boss')!), user);
  });

  it('stays bounded for a class that grows its own argument', () => {
    let type = parseJavaType('com.acme.Grow<int>');
    for (let step = 0; step < 100; step++) type = TYPES.fieldTypes(type)!.get('next')!;
    assert.ok(formatJavaType(type).length < 20_000);
  });
});

describe('parseClassHead', () => {
  it('reads the name and the type variables', () => {
    assert.deepEqual(parseClassHead('com.acme.Pair<A, B>'), { name: 'com.acme.Pair', variables: ['A', 'B'] });
    assert.deepEqual(parseClassHead('com.acme.User'), { name: 'com.acme.User', variables: [] });
  });

  it('refuses what is no class declaration', () => {
    for (const text of ['com.acme.A[]', 'com.acme.A<T, T>', 'com.acme.A<com.acme.B>', 'com.acme.A<T[]>', 'a b']) {
      assert.throws(() => parseClassHead(text), JavaTypeError, text);
    }
  });
});
