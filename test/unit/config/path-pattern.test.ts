import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PathPatternError, parsePathPattern } from '../../../src/config/path-pattern.ts';

describe('parsePathPattern', () => {
  it('gives the parameters in order and one form for patterns that match the same', () => {
    assert.deepEqual(parsePathPattern('/users/:id/files/*'), {
      parameters: ['id', '*'],
      canonical: '/users/:/files/*',
    });
    assert.equal(parsePathPattern('/users/:a').canonical, parsePathPattern('/users/:b').canonical);
    assert.notEqual(parsePathPattern('/users/').canonical, parsePathPattern('/users').canonical);
    assert.deepEqual(parsePathPattern('/'), { parameters: [], canonical: '/' });
  });

  it('takes dots, dashes, escapes and other letters as they are', () => {
    for (const path of ['/a.b/c-d/e_f~', '/caf%C3%A9', '/straße', '/a+b,c;d=e@f!g$h&i']) {
      assert.deepEqual(parsePathPattern(path).parameters, []);
    }
  });

  it('says what is wrong, where, and how it is written', () => {
    for (const [path, offset, suggestion] of [
      ['users', 0, '/users'],
      ['', 0, '/'],
      ['/a//b', 3, undefined],
      ['/:id/:id', 5, undefined],
      ['/a/*/b', 3, undefined],
      ['/a*', 2, undefined],
      ['/a/:', 4, undefined],
      ['/a/:1', 4, undefined],
      ['/a:b', 2, undefined],
      ['/a b', 2, undefined],
      ['/a?x=1', 2, undefined],
      ['/a#x', 2, undefined],
      ['/u/{id}/{x}', 3, '/u/:id/:x'],
      ['/:id(\\d+)', 4, undefined],
    ] as const) {
      assert.throws(
        () => parsePathPattern(path),
        (error) => {
          assert.ok(error instanceof PathPatternError);
          assert.deepEqual([path, error.offset, error.suggestion], [path, offset, suggestion]);
          return true;
        },
      );
    }
  });
});
