import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cookieValue } from '../../../src/http/cookie-header.ts';

describe('cookieValue()', () => {
  const header = 'a=1; b="two words"; c=%C3%BC; d=100%; e=x=y;f=;a=2; flag; g="';
  const cases: [name: string, value: string | undefined][] = [
    ['a', '1'],
    ['b', 'two words'],
    ['c', 'ü'],
    ['d', '100%'],
    ['e', 'x=y'],
    ['f', ''],
    ['flag', undefined],
    ['g', '"'],
    ['A', undefined],
    ['', undefined],
    ['__proto__', undefined],
  ];
  for (const [name, value] of cases) {
    it(`reads "${name}"`, () => {
      assert.equal(cookieValue(header, name), value);
    });
  }

  it('does not take a value for a name', () => {
    assert.equal(cookieValue('a=b; flag; c=d', 'flag; c'), undefined);
    assert.equal(cookieValue('', 'a'), undefined);
    assert.equal(cookieValue(';;;', 'a'), undefined);
  });
});
