import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { QueryString } from '../../../src/http/query-string.ts';

describe('QueryString', () => {
  it('gives first and all values, decoded', () => {
    const query = new QueryString('a=1&b=%C3%BC+x&a=2&c&d=&e=x=y&&=z&%61=3');
    assert.equal(query.first('a'), '1');
    assert.deepEqual(query.all('a'), ['1', '2', '3']);
    assert.equal(query.first('b'), 'ü x');
    assert.equal(query.first('c'), '');
    assert.equal(query.first('d'), '');
    assert.equal(query.first('e'), 'x=y');
    assert.equal(query.first(''), 'z');
    assert.equal(query.first('missing'), undefined);
    assert.deepEqual(query.all('missing'), []);
    assert.equal(query.first('__proto__'), undefined);
  });

  it('agrees with URLSearchParams', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '=', '&', '+', '%20', '%C3%A9', '%26', '?', '/') });
    fc.assert(
      fc.property(text, (raw) => {
        const expected = new URLSearchParams(`&${raw}`);
        const query = new QueryString(raw);
        for (const name of new Set([...expected.keys(), 'a', ''])) {
          assert.deepEqual(query.all(name), expected.getAll(name));
          assert.equal(query.first(name) ?? null, expected.get(name));
        }
      }),
    );
  });

  for (const raw of ['a=%', 'a=%zz', '%ff=1', 'a=1&b=%C3%28']) {
    it(`refuses ${raw}`, () => {
      assert.throws(() => new QueryString(raw), { code: 'REQUEST_TARGET' });
    });
  }

  it('has at most a thousand parameters', () => {
    assert.equal(new QueryString('a&'.repeat(1_000)).all('a').length, 1_000);
    assert.throws(() => new QueryString('a&'.repeat(1_001)), { code: 'REQUEST_TARGET' });
  });
});
