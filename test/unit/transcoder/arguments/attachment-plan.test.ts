import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ArgumentSpec } from '../../../../src/config/argument-spec.ts';
import { GatewayError } from '../../../../src/errors/gateway-error.ts';
import { ArgumentPlanError } from '../../../../src/transcoder/arguments/argument-plan-error.ts';
import { compileAttachment } from '../../../../src/transcoder/arguments/attachment-plan.ts';
import { constant, merge, object, query, type RequestParts, request, source } from './argument-cases.ts';

function read(spec: ArgumentSpec, parts: RequestParts = {}): string | undefined {
  return compileAttachment(spec)(request(parts));
}

function refused(spec: ArgumentSpec, parts: RequestParts): GatewayError {
  try {
    read(spec, parts);
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'accepted' });
}

const field = source({ kind: 'body', path: ['a'] });

describe('compileAttachment', () => {
  it('takes texts as they are', () => {
    assert.equal(read(query('x'), { query: { x: ['é 😀'] } }), 'é 😀');
    assert.equal(read(query('x'), { query: { x: [''] } }), '');
    assert.equal(read(source({ kind: 'client.ip' })), '192.0.2.7');
  });

  it('makes text of JSON scalars', () => {
    for (const [json, text] of [
      ['"b"', 'b'],
      ['1.50', '1.50'],
      ['true', 'true'],
      ['false', 'false'],
      ['null', undefined],
    ] as const) {
      assert.equal(read(field, { body: `{"a":${json}}` }), text);
    }
    assert.equal(read(source({ kind: 'jwt', path: ['sub'] }), { claims: '{"sub":"u"}' }), 'u');
  });

  it('takes constants and defaults', () => {
    assert.equal(read(constant(5)), '5');
    assert.equal(read(constant(null)), undefined);
    assert.equal(read(query('x', { default: true })), 'true');
    assert.equal(read(query('x', { default: 'd' }), { query: { x: ['y'] } }), 'y');
    assert.equal(read(source({ kind: 'body', path: ['a'] }, { default: 'd' }), { body: '{"a":null}' }), undefined);
  });

  it('sends nothing for an absent source, unless it is required', () => {
    assert.equal(read(query('x')), undefined);
    assert.equal(refused(query('x', { required: true }), {}).detail, 'query.x is required');
    assert.equal(refused(field, { body: '{}' }).code, 'REQUEST_INVALID');
    assert.equal(refused(source({ kind: 'jwt', path: ['sub'] }), {}).code, 'UNAUTHENTICATED');
  });

  it('refuses objects and arrays', () => {
    const error = refused(field, { body: '{"a":[1]}' });
    assert.equal(error.detail, 'body.a must be a string, number or boolean, got an array');
    assert.deepEqual(error.extensions, { argument: 'body.a', path: '$.a' });
  });

  it('refuses control characters', () => {
    for (const text of ['a\nb', '\r', '\0', '\u007f', '\t']) {
      assert.equal(refused(query('x'), { query: { x: [text] } }).code, 'REQUEST_INVALID');
      assert.match(
        refused(field, { body: JSON.stringify({ a: text }).replace('\u007f', '\\u007f') }).detail,
        /control characters/,
      );
    }
  });

  it('refuses more than 8 KiB of UTF-8', () => {
    assert.equal(read(query('x'), { query: { x: ['é'.repeat(4096)] } })?.length, 4096);
    assert.match(refused(query('x'), { query: { x: ['é'.repeat(4097)] } }).detail, /at most 8192 bytes/);
    assert.equal(refused(query('x'), { query: { x: ['x'.repeat(8193)] } }).code, 'REQUEST_INVALID');
  });

  it('refuses what can be no text when it is compiled', () => {
    const bad = [
      object({ a: query('x') }),
      merge(constant({})),
      source({ kind: 'query', name: 'x', all: true }),
      constant([1]),
    ];
    for (const spec of [...bad, constant('a\nb'), query('x', { type: 'int' }), query('x', { default: {} })]) {
      assert.throws(() => compileAttachment(spec), ArgumentPlanError);
    }
  });
});
