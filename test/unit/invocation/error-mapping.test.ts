import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ErrorMapping } from '../../../src/invocation/error-mapping.ts';

describe("a route's errors", () => {
  const mapping = new ErrorMapping({
    '*': { status: 599 },
    'com.acme.*': { status: 500, code: 'ACME' },
    'com.acme.users.*': { status: 409 },
    'com.acme.users.NotFoundException': { status: 404, code: 'USER_NOT_FOUND' },
  });
  const cases: readonly (readonly [className: string, status: number, code: string | undefined])[] = [
    ['com.acme.users.NotFoundException', 404, 'USER_NOT_FOUND'],
    ['com.acme.users.NotFoundException2', 409, undefined],
    ['com.acme.users.inner.OtherException', 409, undefined],
    ['com.acme.Other', 500, 'ACME'],
    ['com.acmeother.Foo', 599, undefined],
    ['java.lang.RuntimeException', 599, undefined],
    ['', 599, undefined],
  ];
  for (const [className, status, code] of cases) {
    it(`give ${status} for "${className}": the most exact wins`, () => {
      assert.deepEqual(mapping.find(className), { status, code });
    });
  }

  it('may say nothing of a class, however it is called', () => {
    const few = new ErrorMapping({ 'com.acme.A': { status: 400 } });
    for (const name of ['com.acme.B', 'constructor', '__proto__', 'toString', ''])
      assert.equal(few.find(name), undefined);
    assert.equal(new ErrorMapping({}).find('com.acme.A'), undefined);
  });
});
