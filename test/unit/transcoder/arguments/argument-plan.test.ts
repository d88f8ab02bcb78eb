import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ArgumentSpec } from '../../../../src/config/argument-spec.ts';
import { createClassTypes } from '../../../../src/java/class-types.ts';
import { parseJavaType } from '../../../../src/java/java-type.ts';
import { compileArguments } from '../../../../src/transcoder/arguments/argument-plan.ts';
import { ArgumentPlanError } from '../../../../src/transcoder/arguments/argument-plan-error.ts';
import { fastestMs } from '../../../support/fastest-ms.ts';
import {
  BODY,
  constant,
  merge,
  object,
  plan,
  query,
  refusal,
  request,
  run,
  source,
  type Types,
  written,
} from './argument-cases.ts';

const TYPES: Types = { 'com.acme.User': { id: 'long', name: 'String', tags: 'List<String>', born: 'java.util.Date' } };
const ALL: ArgumentSpec = source({ kind: 'query', name: 'x', all: true });

/** The bytes of an untyped map with these text keys. */
function mapOf(entries: Readonly<Record<string, (out: Parameters<Parameters<typeof written>[0]>[0]) => void>>): Buffer {
  return written((out) => {
    out.untypedMapStart();
    for (const [key, write] of Object.entries(entries)) {
      out.string(key);
      write(out);
    }
    out.mapEnd();
  });
}

describe('sources', () => {
  const cases: [ArgumentSpec, string][] = [
    [source({ kind: 'path', name: 'id' }), 'p1'],
    [query('q'), 'q1'],
    [source({ kind: 'header', name: 'x-tenant' }), 'h1'],
    [source({ kind: 'cookie', name: 'c' }), 'c1'],
    [source({ kind: 'body', path: ['a', 0, 'b'] }), 'b1'],
    [source({ kind: 'jwt', path: ['sub'] }), 'j1'],
    [source({ kind: 'client.ip' }), '192.0.2.7'],
    [source({ kind: 'request.id' }), 'r-1'],
    [constant('v1'), 'v1'],
  ];
  for (const [spec, text] of cases) {
    it(`reads ${text}`, () => {
      const parts = {
        path: { id: 'p1' },
        query: { q: ['q1', 'q2'] },
        headers: { 'x-tenant': 'h1' },
        cookies: { c: 'c1' },
        body: '{"a":[{"b":"b1"}]}',
        claims: '{"sub":"j1"}',
      };
      assert.deepEqual(
        run(plan(spec, 'String'), parts),
        written((out) => out.string(text)),
      );
    });
  }

  it('gives all values of a query parameter as a list', () => {
    const expected = written((out) => {
      out.listStart(2);
      out.int(1);
      out.int(2);
    });
    for (const type of ['List<Integer>', 'int[]', 'Set<Short>']) {
      assert.deepEqual(run(plan(ALL, type), { query: { x: ['1', '2'] } }), expected);
    }
    assert.deepEqual(refusal(plan(ALL, 'int[]'), { query: { x: ['1', 'b'] } }).extensions, { argument: 'query.x[]' });
  });

  it('makes one text a list of one element', () => {
    const expected = written((out) => {
      out.listStart(1);
      out.string('a,b');
    });
    assert.deepEqual(run(plan(query('x'), 'List<String>'), { query: { x: ['a,b', 'c'] } }), expected);
    assert.deepEqual(run(plan(ALL, 'Object'), { query: { x: ['a,b'] } }), expected);
  });

  it('takes the type of the source where it has one', () => {
    const compiled = plan(query('x', { type: 'long' }), 'Object');
    assert.deepEqual(
      run(compiled, { query: { x: ['5'] } }),
      written((out) => out.longNumber(5)),
    );
    assert.deepEqual(
      run(compiled, {}),
      written((out) => out.nullValue()),
    );
  });
});

describe('errors', () => {
  it('repeat values of path, query and body, cut to 40 characters', () => {
    const long = 'x'.repeat(39).concat('😀y');
    const error = refusal(plan(query('x'), 'Integer'), { query: { x: [long] } });
    assert.ok(error.detail.endsWith(`, got "${'x'.repeat(39)}…"`));
  });

  it('never repeat values of headers, cookies and claims', () => {
    const secret = 's3cret';
    const sources: ArgumentSpec[] = [
      source({ kind: 'header', name: 'authorization' }),
      source({ kind: 'cookie', name: 'sid' }),
      source({ kind: 'jwt', path: ['sub'] }),
    ];
    for (const spec of sources) {
      const error = refusal(plan(spec, 'Integer'), {
        headers: { authorization: secret },
        cookies: { sid: secret },
        claims: `{"sub":"${secret}"}`,
      });
      assert.match(error.detail, /^[a-z.]+ must be an int \(-2147483648 to 2147483647\)$/);
      assert.ok(!JSON.stringify(error.extensions).includes(secret));
    }
  });
});

describe('absent sources', () => {
  it('are null, when not required', () => {
    for (const spec of [query('x'), ALL, source({ kind: 'cookie', name: 'x' })]) {
      assert.deepEqual(
        run(plan(spec, 'List<String>'), {}),
        written((out) => out.nullValue()),
      );
    }
    assert.deepEqual(
      run(plan(source({ kind: 'body', path: ['a', 'b'] }, { required: false }), 'Integer'), { body: '{"a":1}' }),
      written((out) => out.nullValue()),
    );
  });

  it('are an error when required', () => {
    const cases: [ArgumentSpec, string][] = [
      [source({ kind: 'path', name: 'id' }), 'path.id'],
      [query('x', { required: true }), 'query.x'],
      [BODY, 'body'],
      [source({ kind: 'body', path: ['a', 0] }), 'body.a[0]'],
      [source({ kind: 'query', name: 'x', all: true }, { required: true }), 'query.x[]'],
    ];
    for (const [spec, name] of cases) {
      const error = refusal(plan(spec, 'List<String>'), {});
      assert.equal(error.code, 'REQUEST_INVALID');
      assert.equal(error.detail, `${name} is required`);
      assert.deepEqual(error.extensions, { argument: name });
    }
    assert.equal(
      refusal(plan(source({ kind: 'jwt', path: ['a'] }), 'String'), { claims: '{}' }).code,
      'REQUEST_INVALID',
    );
  });

  it('of an unverified caller ask for identity', () => {
    const error = refusal(plan(source({ kind: 'jwt', path: ['sub'] }), 'String'), {});
    assert.equal(error.code, 'UNAUTHENTICATED');
    assert.equal(error.status, 401);
    const optional = plan(source({ kind: 'jwt', path: ['sub'] }, { required: false }), 'String');
    assert.deepEqual(
      run(optional, {}),
      written((out) => out.nullValue()),
    );
  });

  it('are an error for a primitive, which cannot be null', () => {
    assert.equal(refusal(plan(query('x'), 'int'), {}).detail, 'query.x is required');
    assert.deepEqual(
      run(plan(query('x'), 'Integer'), {}),
      written((out) => out.nullValue()),
    );
  });

  it('take the default, converted by the type', () => {
    const compiled = plan(query('x', { default: 5 }), 'long');
    assert.deepEqual(
      run(compiled, {}),
      written((out) => out.longNumber(5)),
    );
    assert.deepEqual(
      run(compiled, { query: { x: ['6'] } }),
      written((out) => out.longNumber(6)),
    );
    const list = plan(source({ kind: 'body', path: ['a'] }, { default: ['x'] }), 'List<String>');
    const expected = written((out) => {
      out.listStart(1);
      out.string('x');
    });
    assert.deepEqual(run(list, { body: '{}' }), expected);
    assert.deepEqual(run(list, {}), expected);
    assert.deepEqual(
      run(list, { body: '{"a":null}' }),
      written((out) => out.nullValue()),
    );
    assert.deepEqual(
      run(plan(query('x', { default: null }), 'String'), {}),
      written((out) => out.nullValue()),
    );
  });

  it('differ from empty text', () => {
    assert.deepEqual(
      run(plan(query('x', { default: 'd' }), 'String'), { query: { x: [''] } }),
      written((out) => out.string('')),
    );
    assert.equal(refusal(plan(query('x'), 'Integer'), { query: { x: [''] } }).code, 'REQUEST_INVALID');
  });
});

describe('objects of sources', () => {
  const spec = object({
    id: source({ kind: 'path', name: 'id' }),
    name: query('name'),
    tags: source({ kind: 'query', name: 'tag', all: true }),
    more: object({ ip: source({ kind: 'client.ip' }), none: query('none') }),
    kind: constant('web'),
  });

  it('converts by field and leaves absent fields out', () => {
    const compiled = plan(spec, 'com.acme.User', TYPES);
    const more = (out: Parameters<Parameters<typeof written>[0]>[0]): void => {
      out.untypedMapStart();
      out.string('ip');
      out.string('192.0.2.7');
      out.mapEnd();
    };
    assert.deepEqual(
      run(compiled, { path: { id: '7' }, query: { tag: ['a'] } }),
      mapOf({
        id: (out) => out.longNumber(7),
        tags: (out) => {
          out.listStart(1);
          out.string('a');
        },
        more,
        kind: (out) => out.string('web'),
      }),
    );
    assert.equal(refusal(compiled, { path: { id: 'x' } }).detail, 'path.id must be a long (64-bit integer), got "x"');
    assert.equal(refusal(compiled, {}).detail, 'path.id is required');
  });

  it('writes typed keys of a map once per entry, absent ones not at all', () => {
    const uuid = '123e4567-e89b-12d3-a456-426614174000';
    const other = '123e4567-e89b-12d3-a456-426614174001';
    const compiled = plan(object({ [other]: query('none'), [uuid]: query('x') }), 'Map<UUID, Integer>');
    const expected = written((out) => {
      out.untypedMapStart();
      out.objectStart('java.util.UUID', ['value']);
      out.string(uuid);
      out.int(1);
      out.mapEnd();
    });
    assert.deepEqual(run(compiled, { query: { x: ['1'] } }), expected);
  });
});

describe('merge', () => {
  const spec = merge(
    BODY,
    object({
      id: source({ kind: 'path', name: 'id' }),
      tenant: source({ kind: 'header', name: 'x-tenant' }),
      source: constant('web'),
    }),
  );

  it('lets later parts win and writes each key once', () => {
    const compiled = plan(spec, 'com.acme.User', TYPES);
    assert.deepEqual(
      run(compiled, {
        path: { id: '7' },
        headers: { 'x-tenant': 't' },
        body: '{"id":1,"name":"n","tenant":"x","\\u0069d":2,"born":0}',
      }),
      mapOf({
        id: (out) => out.longNumber(7),
        tenant: (out) => out.string('t'),
        source: (out) => out.string('web'),
        name: (out) => out.string('n'),
        born: (out) => out.dateMs(0),
      }),
    );
  });

  it('keeps the value of an earlier part where the later has none', () => {
    const bytes = run(plan(spec, 'Object'), { path: { id: '7' }, body: '{"tenant":"x"}' });
    assert.ok(bytes.includes('tenant') && bytes.includes('x'));
  });

  it('merges several documents, right over left, and nested merges', () => {
    const part = (name: string): ArgumentSpec => source({ kind: 'body', path: [name] }, { required: false });
    const compiled = plan(
      merge(part('a'), merge(part('b'), constant({ k: 'const' })), part('c')),
      'Map<String, Object>',
    );
    const text = (value: string) => (out: Parameters<Parameters<typeof written>[0]>[0]) => out.string(value);
    assert.deepEqual(
      run(compiled, { body: '{"a":{"x":"1","y":"1","k":"1"},"b":{"y":"2","z":"2"},"c":{"z":"3"}}' }),
      mapOf({ z: text('3'), k: text('const'), y: text('2'), x: text('1') }),
    );
    assert.deepEqual(run(compiled, { body: '{"a":{"x":"1"},"b":null}' }), mapOf({ k: text('const'), x: text('1') }));
    assert.deepEqual(run(compiled, { body: '{}' }), mapOf({ k: text('const') }));
  });

  it('refuses a part that is no object', () => {
    const error = refusal(plan(spec, 'Object'), { path: { id: '7' }, body: '[1]' });
    assert.equal(error.detail, 'body must be an object, got an array');
    assert.equal(refusal(plan(spec, 'Object'), { path: { id: '7' } }).detail, 'body is required');
    assert.equal(
      refusal(plan(spec, 'com.acme.User', TYPES), { path: { id: '7' }, body: '{"born":"x"}' }).extensions?.path,
      '$.born',
    );
  });

  it('takes the default of an absent part', () => {
    const compiled = plan(
      merge(source({ kind: 'body', path: [] }, { default: { a: 1 } }), object({ b: constant(2) })),
      'Object',
    );
    assert.deepEqual(run(compiled, {}), mapOf({ b: (out) => out.int(2), a: (out) => out.int(1) }));
  });

  it('stays linear for documents of many keys', () => {
    const many = (prefix: string): string =>
      `{${Array.from({ length: 30_000 }, (_, i) => `"${prefix}${i}":1`).join(',')}}`;
    const part = (name: string): ArgumentSpec => source({ kind: 'body', path: [name] });
    const compiled = plan(merge(part('a'), part('b')), 'Object');
    const body = `{"a":${many('x')},"b":${many('y')}}`;
    const ms = fastestMs(4, () => assert.ok(run(compiled, { body }).length > 300_000));
    assert.ok(ms < 1500, `${ms} ms`);
  });
});

describe('compileArguments', () => {
  it('writes one value for each parameter', () => {
    const compiled = compileArguments(
      [query('a'), BODY, constant(null)],
      ['int', 'Object', 'String'].map(parseJavaType),
      createClassTypes({}),
      {
        allowedClasses: new Set(),
      },
    );
    const bytes = written((out) => compiled.write(request({ query: { a: ['1'] }, body: '[]' }), out));
    const expected = written((out) => {
      out.int(1);
      out.listStart(0);
      out.nullValue();
    });
    assert.deepEqual(bytes, expected);
    assert.deepEqual(compiled.describe(), [
      { source: 'query.a', type: 'int' },
      { source: 'body', type: 'java.lang.Object' },
      { source: 'value', type: 'java.lang.String' },
    ]);
  });

  it('knows whether the body is needed', () => {
    assert.equal(plan(BODY, 'Object').readsBody, true);
    assert.equal(
      plan(merge(constant({}), object({ a: source({ kind: 'body', path: ['x'] }) })), 'Object').readsBody,
      true,
    );
    assert.equal(plan(object({ a: query('x') }), 'Object').readsBody, false);
    assert.equal(plan(constant({}), 'Object').readsBody, false);
  });

  it('describes sources as the configuration writes them', () => {
    const spec = merge(
      source({ kind: 'body', path: ['a', 0, 'odd name'] }),
      object({ x: ALL, y: source({ kind: 'client.ip' }), z: constant('secret') }),
    );
    assert.deepEqual(plan(spec, 'Map<String, Object>').describe(), [
      {
        source: 'merge: [ body.a[0]["odd name"], { x: query.x[], y: client.ip, z: value } ]',
        type: 'java.util.Map<java.lang.String, java.lang.Object>',
      },
    ]);
  });

  const impossible: [string, ArgumentSpec, string, RegExp][] = [
    [
      'text for a declared class',
      query('x'),
      'com.acme.User',
      /^args\[0\]: query\.x is text and cannot be com\.acme\.User$/,
    ],
    ['text for a map', query('x'), 'Map<String,String>', /is text and cannot be/],
    ['text for a list of maps', query('x'), 'List<Map>', /is text and cannot be/],
    ['several texts for one value', ALL, 'int', /is a list of texts and cannot be int/],
    ['several texts for byte[]', ALL, 'byte[]', /is a list of texts/],
    ['an object for a number', object({ a: query('x') }), 'int', /int cannot be made of an object/],
    ['merge for a list', merge(BODY), 'List<String>', /cannot be made of an object/],
    ['text in merge', merge(query('x')), 'Object', /query\.x is text; merge takes objects only/],
    ['a list in merge', merge(constant([1])), 'Object', /merge takes objects only/],
    ['a constant that does not fit', constant('x'), 'int', /the constant must be an int .* to be int/],
    ['a default that does not fit', query('x', { default: 'y' }), 'Long', /the constant must be a long/],
    ['null for a primitive', constant(null), 'long', /the constant must be a long/],
    ['a key that does not fit', object({ a: query('x') }), 'Map<Integer, String>', /"a" is no key of/],
    ['a type that cannot be read', query('x', { type: 'List<' }), 'Object', /the type "List<" cannot be read/],
    ['a constant too deep', constant(JSON.parse('['.repeat(513) + ']'.repeat(513))), 'Object', /nests deeper than 512/],
    ['a constant that is no JSON', constant(10n), 'Object', /the constant is no JSON value/],
  ];
  for (const [title, spec, type, message] of impossible) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => plan(spec, type, TYPES),
        (error) => error instanceof ArgumentPlanError && error.argumentIndex === 0 && message.test(error.message),
      );
    });
  }

  it('refuses another number of arguments than parameters', () => {
    const empty = { allowedClasses: new Set<string>() };
    assert.throws(
      () => compileArguments([BODY], [], createClassTypes({}), empty),
      /has 0 parameters, but there are 1 args/,
    );
  });
});
