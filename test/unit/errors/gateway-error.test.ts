import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/errors/gateway-error.ts';

describe('a GatewayError', () => {
  it('has the status of its code', () => {
    const error = new GatewayError('PROVIDER_TIMEOUT', 'Too slow.');
    assert.ok(error instanceof Error);
    assert.deepEqual(
      [error.name, error.code, error.publicCode, error.status, error.detail, error.message],
      ['GatewayError', 'PROVIDER_TIMEOUT', 'PROVIDER_TIMEOUT', 504, 'Too slow.', 'Too slow.'],
    );
  });

  it('may be shown with another status and code, and keeps its own', () => {
    const error = new GatewayError('PROVIDER_EXCEPTION', 'No such user.', {
      status: 404,
      publicCode: 'USER_NOT_FOUND',
    });
    assert.deepEqual([error.code, error.publicCode, error.status], ['PROVIDER_EXCEPTION', 'USER_NOT_FOUND', 404]);
  });

  it('carries what the caller and the log may know apart', () => {
    const cause = new Error('below');
    const error = new GatewayError('INTERNAL', 'x', {
      extensions: { argument: 'body' },
      jsonExtensions: { exact: '1.10' },
      log: { provider: 'a:1' },
      headers: { allow: 'GET' },
      cause,
    });
    assert.deepEqual(error.extensions, { argument: 'body' });
    assert.deepEqual(error.jsonExtensions, { exact: '1.10' });
    assert.deepEqual(error.log, { provider: 'a:1' });
    assert.deepEqual(error.headers, { allow: 'GET' });
    assert.equal(error.cause, cause);
    assert.equal('cause' in new GatewayError('INTERNAL', 'x'), false);
  });

  it('captures no stack, and leaves other errors theirs', () => {
    const limit = Error.stackTraceLimit;
    assert.doesNotMatch(new GatewayError('INTERNAL', 'x').stack ?? '', /\n\s+at /);
    assert.equal(Error.stackTraceLimit, limit);
    assert.match(new Error('x').stack ?? '', /\n\s+at /);
  });
});
