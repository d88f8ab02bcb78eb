import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { methodKey } from '../../../src/invocation/method-key.ts';

describe('the key of a method', () => {
  const cases: readonly (readonly [version: string | undefined, group: string | undefined, key: string])[] = [
    [undefined, undefined, 'demo.Foo#bar(int,java.lang.String)'],
    ['', '', 'demo.Foo#bar(int,java.lang.String)'],
    ['1.0.0', undefined, 'demo.Foo:1.0.0#bar(int,java.lang.String)'],
    ['1.0.0', 'g1', 'demo.Foo:1.0.0:g1#bar(int,java.lang.String)'],
    [undefined, 'g1', 'demo.Foo::g1#bar(int,java.lang.String)'],
  ];
  for (const [version, group, key] of cases) {
    it(`is ${key}`, () => {
      assert.equal(methodKey('demo.Foo', version, group, 'bar', ['int', 'java.lang.String']), key);
    });
  }

  it('has empty brackets without parameters', () => {
    assert.equal(methodKey('demo.Foo', undefined, undefined, 'bar', []), 'demo.Foo#bar()');
  });
});
