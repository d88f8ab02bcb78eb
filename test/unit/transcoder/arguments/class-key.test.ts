import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ArgumentSpec } from '../../../../src/config/argument-spec.ts';
import { BODY, constant, merge, object, plan, query, refusal, run, source, type Types } from './argument-cases.ts';

const TYPES: Types = { 'com.acme.User': { name: 'String', friends: 'List<com.acme.User>', any: 'Object' } };
const JWT: ArgumentSpec = source({ kind: 'jwt', path: [] });

describe('class keys of a request', () => {
  const places: [string, string, string][] = [
    ['Object', '{"class":"java.lang.Runtime"}', '$.class'],
    ['Object', '{"cl\\u0061ss":"x"}', '$.class'],
    ['Object', '{"\\u0063\\u006c\\u0061\\u0073\\u0073":"x"}', '$.class'],
    ['Object', '[{"a":[{"b":{"class":"x"}}]}]', '$[0].a[0].b.class'],
    ['Object', '{"class":null}', '$.class'],
    ['Object', '{"class":{"name":"x"}}', '$.class'],
    ['com.acme.User', '{"class":"x"}', '$.class'],
    ['com.acme.User', '{"friends":[{"name":"a"},{"class":"x"}]}', '$.friends[1].class'],
    ['com.acme.User', '{"any":{"class":"x"}}', '$.any.class'],
    ['com.acme.User', '{"unknown":[[{"class":"x"}]]}', '$.unknown[0][0].class'],
    ['Map<String, String>', '{"class":"x"}', '$.class'],
    ['Map<String, Map<String, Object>>', '{"a":{"b":[{"class":"x"}]}}', '$.a.b[0].class'],
    ['List<Object>', '[1,{"class":"x"}]', '$[1].class'],
  ];
  for (const [type, body, path] of places) {
    it(`are refused in ${body} for ${type}`, () => {
      const error = refusal(plan(BODY, type, TYPES), { body });
      assert.equal(error.code, 'REQUEST_CLASS_KEY');
      assert.deepEqual(error.extensions, { argument: 'body', path });
    });
  }

  it('are refused in claims', () => {
    const error = refusal(plan(JWT, 'Object'), { claims: '{"a":{"class":"x"}}' });
    assert.equal(error.code, 'REQUEST_CLASS_KEY');
    assert.deepEqual(error.extensions, { argument: 'jwt', path: '$.a.class' });
  });

  it('pass when the route allows their class, and only that', () => {
    const compiled = plan(BODY, 'Object', {}, ['com.acme.Cat', 'com.acme.Dog']);
    assert.ok(
      run(compiled, { body: '[{"class":"com.acme.Cat"},{"x":{"class":"com.acme.Dog"}}]' }).includes('com.acme.Dog'),
    );
    for (const name of ['"com.acme.Bird"', '"com.acme.Cat "', '1', 'null', '["com.acme.Cat"]']) {
      assert.equal(refusal(compiled, { body: `{"class":${name}}` }).code, 'REQUEST_CLASS_KEY');
    }
  });

  it('are looked for in names alike, not found in others', () => {
    const body = '{"clazz":1,"Class":2,"class ":3,"klass":4,"classs":5,"clas":6}';
    assert.ok(run(plan(BODY, 'Object'), { body }).length > 0);
  });

  it('may be repeated: the last counts', () => {
    const compiled = plan(BODY, 'Object', {}, ['com.acme.Cat']);
    assert.ok(run(compiled, { body: '{"class":"x","class":"com.acme.Cat"}' }).includes('com.acme.Cat'));
    assert.equal(refusal(compiled, { body: '{"class":"com.acme.Cat","class":"x"}' }).code, 'REQUEST_CLASS_KEY');
  });

  it('are refused in merge even where another part covers them', () => {
    const compiled = plan(merge(BODY, constant({ class: 'com.acme.Cat' })), 'Object');
    assert.ok(run(compiled, { body: '{"a":1}' }).includes('com.acme.Cat'));
    assert.equal(refusal(compiled, { body: '{"class":"com.acme.Dog"}' }).code, 'REQUEST_CLASS_KEY');
  });
});

describe('class keys of the configuration', () => {
  it('pass in constants and defaults', () => {
    assert.ok(run(plan(constant({ class: 'com.acme.Cat', a: { class: 'b' } }), 'Object'), {}).includes('com.acme.Cat'));
    const absent = plan(source({ kind: 'body', path: [] }, { default: { class: 'com.acme.Cat' } }), 'Object');
    assert.ok(run(absent, {}).includes('com.acme.Cat'));
    const field = plan(object({ class: constant('com.acme.Cat'), id: query('id') }), 'Object');
    assert.ok(run(field, {}).includes('com.acme.Cat'));
  });

  it('let a request choose among the allowed classes only', () => {
    const compiled = plan(object({ class: query('kind') }), 'Object', {}, ['com.acme.Cat']);
    assert.ok(run(compiled, { query: { kind: ['com.acme.Cat'] } }).includes('com.acme.Cat'));
    assert.equal(refusal(compiled, { query: { kind: ['java.lang.Runtime'] } }).code, 'REQUEST_INVALID');
    const fromBody = plan(object({ class: source({ kind: 'body', path: ['kind'] }) }), 'Object', {}, ['com.acme.Cat']);
    assert.equal(refusal(fromBody, { body: '{"kind":"java.lang.Runtime"}' }).code, 'REQUEST_INVALID');
    assert.ok(run(fromBody, { body: '{"kind":"com.acme.Cat"}' }).includes('com.acme.Cat'));
  });

  it('hold for values of the type java.lang.Class', () => {
    const compiled = plan(query('c'), 'java.lang.Class', {}, ['com.acme.Cat']);
    assert.ok(run(compiled, { query: { c: ['com.acme.Cat'] } }).includes('com.acme.Cat'));
    assert.equal(refusal(compiled, { query: { c: ['java.lang.Runtime'] } }).code, 'REQUEST_INVALID');
  });
});
