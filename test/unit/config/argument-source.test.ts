import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  ArgumentError,
  type ArgumentProblem,
  parseArgument,
  readArgument,
} from '../../../src/config/argument-source.ts';
import { parseSourceExpression, SourceExpressionError } from '../../../src/config/source-expression.ts';

function problems(input: unknown): ArgumentProblem[] {
  const found: ArgumentProblem[] = [];
  readArgument(input, { problem: (problem) => found.push(problem) });
  return found;
}

describe('parseSourceExpression', () => {
  it('reads every kind of source', () => {
    assert.deepEqual(parseSourceExpression('path.id'), { kind: 'path', name: 'id' });
    assert.deepEqual(parseSourceExpression('path.*'), { kind: 'path', name: '*' });
    assert.deepEqual(parseSourceExpression('query.page'), { kind: 'query', name: 'page', all: false });
    assert.deepEqual(parseSourceExpression('query.tag[]'), { kind: 'query', name: 'tag', all: true });
    assert.deepEqual(parseSourceExpression('query.filter[a.b]'), { kind: 'query', name: 'filter[a.b]', all: false });
    assert.deepEqual(parseSourceExpression('header.X-Tenant.Id'), { kind: 'header', name: 'x-tenant.id' });
    assert.deepEqual(parseSourceExpression('cookie.Session'), { kind: 'cookie', name: 'Session' });
    assert.deepEqual(parseSourceExpression('body'), { kind: 'body', path: [] });
    assert.deepEqual(parseSourceExpression('body.a.b[0]'), { kind: 'body', path: ['a', 'b', 0] });
    assert.deepEqual(parseSourceExpression('body["a b"].c'), { kind: 'body', path: ['a b', 'c'] });
    assert.deepEqual(parseSourceExpression('body[1]["\\"x.y\\""]'), { kind: 'body', path: [1, '"x.y"'] });
    assert.deepEqual(parseSourceExpression('jwt.realm.roles[0]'), { kind: 'jwt', path: ['realm', 'roles', 0] });
    assert.deepEqual(parseSourceExpression('client.ip'), { kind: 'client.ip' });
    assert.deepEqual(parseSourceExpression('request.id'), { kind: 'request.id' });
  });

  it('says where it is wrong and what is meant', () => {
    for (const [text, offset, suggestion] of [
      ['pth.id', 0, 'path.id'],
      ['headers.x-a', 0, 'header.x-a'],
      ['Body.a', 0, 'body.a'],
      ['path', 4, undefined],
      ['path.', 5, undefined],
      ['query', 5, undefined],
      ['body.', 5, undefined],
      ['body.a..b', 7, undefined],
      ['body[x]', 4, undefined],
      ['body[-1]', 4, undefined],
      ['body.a b', 6, undefined],
      ['body[99999999999]', 5, undefined],
      ['jwt', 3, undefined],
      ['client.host', 6, 'client.ip'],
      ['request', 7, 'request.id'],
      ['header.a b', 7, undefined],
      ['', 0, undefined],
      ['web', 0, undefined],
    ] as const) {
      assert.throws(
        () => parseSourceExpression(text),
        (error) => {
          assert.ok(error instanceof SourceExpressionError);
          assert.deepEqual([text, error.offset, error.suggestion], [text, offset, suggestion]);
          return true;
        },
      );
    }
  });

  it('reads any body path back', () => {
    const step = fc.oneof(fc.nat(1000), fc.string());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (path) => {
        const text = `body${path.map((part) => `[${JSON.stringify(part)}]`).join('')}`;
        assert.deepEqual(parseSourceExpression(text), { kind: 'body', path });
      }),
    );
  });

  it('gives a typed error for any other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseSourceExpression(text);
        } catch (error) {
          assert.ok(error instanceof SourceExpressionError);
          assert.ok(error.offset >= 0 && error.offset <= text.length);
        }
      }),
    );
  });
});

describe('parseArgument', () => {
  it('requires path, body and jwt sources and no others', () => {
    for (const [text, required] of [
      ['path.id', true],
      ['body', true],
      ['body.a', true],
      ['jwt.sub', true],
      ['query.a', false],
      ['header.a', false],
      ['cookie.a', false],
      ['client.ip', false],
    ] as const) {
      const spec = parseArgument(text);
      assert.equal(spec.kind === 'source' && spec.required, required, text);
    }
  });

  it('reads the from form with type, default and required', () => {
    assert.deepEqual(parseArgument({ from: 'query.page', type: 'int', default: 1 }), {
      kind: 'source',
      source: { kind: 'query', name: 'page', all: false },
      required: false,
      type: 'int',
      default: 1,
    });
    const optional = parseArgument({ from: 'body.a', required: false });
    assert.equal(optional.kind === 'source' && optional.required, false);
    const nullDefault = parseArgument({ from: 'query.a', default: null });
    assert.ok(nullDefault.kind === 'source' && 'default' in nullDefault && nullDefault.default === null);
  });

  it('reads constants as they are', () => {
    assert.deepEqual(parseArgument({ value: { from: 'x' } }), { kind: 'value', value: { from: 'x' } });
    assert.deepEqual(parseArgument({ value: null }), { kind: 'value', value: null });
  });

  it('reads objects of sources, with keys that look like a form or a prototype', () => {
    const id = { kind: 'source', source: { kind: 'path', name: 'id' }, required: true };
    assert.deepEqual(parseArgument({ id: 'path.id', value: 'path.id' }), {
      kind: 'object',
      fields: [
        ['id', id],
        ['value', id],
      ],
    });
    assert.deepEqual(parseArgument({ object: { from: 'path.id' } }), { kind: 'object', fields: [['from', id]] });
    assert.deepEqual(parseArgument({ object: 'path.id' }), { kind: 'object', fields: [['object', id]] });
    assert.deepEqual(parseArgument(JSON.parse('{"__proto__":"path.id"}')), {
      kind: 'object',
      fields: [['__proto__', id]],
    });
  });

  it('reads merges of objects', () => {
    const spec = parseArgument({ merge: ['body', { id: 'path.id', source: { value: 'web' } }] });
    assert.equal(spec.kind, 'merge');
    assert.deepEqual(spec.kind === 'merge' && spec.parts.map((part) => part.kind), ['source', 'object']);
  });

  it('reports every mistake with its place', () => {
    const found = problems({ merge: ['path.id', { a: 'pth.id', b: 5, c: { from: 'query.x', typ: 'int' } }] });
    assert.deepEqual(
      found.map(({ path, suggestion }) => [path.join('.'), suggestion]),
      [
        ['merge.0', undefined],
        ['merge.1.a', 'path.id'],
        ['merge.1.b', undefined],
        ['merge.1.c.typ', 'type'],
      ],
    );
  });

  it('refuses forms that mean two things', () => {
    assert.match(problems({ merge: ['body'], id: 'path.id' })[0]!.message, /object:/);
    assert.match(problems({ from: 'body', id: 'path.id' })[0]!.message, /object:/);
    assert.match(problems({ from: 'query.a', default: 1, required: true })[0]!.message, /never missing/);
    assert.equal(problems({ merge: [] }).length, 1);
    assert.equal(problems({ merge: [{ value: 3 }] }).length, 1);
    assert.equal(problems(['path.id']).length, 1);
    assert.equal(problems(null).length, 1);
    assert.equal(problems({ from: 3, type: 3, required: 3 }).length, 3);
  });

  it('throws the first mistake', () => {
    assert.throws(
      () => parseArgument({ a: 'pth.id' }),
      (error) => error instanceof ArgumentError && error.problem.path[0] === 'a',
    );
  });

  it('is bounded in depth', () => {
    let deep: unknown = 'path.id';
    for (let level = 0; level < 10_000; level++) deep = { a: deep };
    assert.match(problems(deep)[0]!.message, /at most/);
  });
});
