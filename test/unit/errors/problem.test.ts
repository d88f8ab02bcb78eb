import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERROR_CODES, type ErrorCode } from '../../../src/errors/error-codes.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { toProblem } from '../../../src/errors/problem.ts';

describe('toProblem()', () => {
  it('says each code of the table with its status and title', () => {
    for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
      const problem = toProblem(new GatewayError(code, 'Some detail.'), 'id-1');
      const { status, title } = ERROR_CODES[code];
      assert.equal(problem.status, status);
      assert.deepEqual(JSON.parse(problem.body), {
        type: `urn:sluice:error:${code}`,
        title,
        status,
        detail: 'Some detail.',
        code,
        requestId: 'id-1',
      });
      assert.equal(problem.headers?.['retry-after'], status === 503 ? '1' : undefined);
      assert.equal(problem.isFault, code === 'INTERNAL');
    }
  });

  it('keeps what is for the log out of the body', () => {
    const cause = new Error('at 10.0.0.9');
    const problem = toProblem(new GatewayError('PROVIDER_PROTOCOL', 'Bad.', { log: { provider: 'p' }, cause }), 'id');
    assert.deepEqual(problem.log, { provider: 'p' });
    assert.doesNotMatch(problem.body, /10\.0\.0\.9|provider"/);
  });

  it('lets an error choose when to retry', () => {
    const problem = toProblem(new GatewayError('PROVIDER_BUSY', 'Busy.', { headers: { 'retry-after': '5' } }), 'id');
    assert.deepEqual(problem.headers, { 'retry-after': '5' });
  });

  it('does not let extensions replace standard members', () => {
    const extensions = { status: 200, requestId: 'x', type: 'x', __proto__: null, path: '$.a' };
    const body = JSON.parse(toProblem(new GatewayError('REQUEST_INVALID', 'No.', { extensions }), 'id').body);
    assert.equal(body.status, 400);
    assert.equal(body.requestId, 'id');
    assert.equal(body.path, '$.a');
  });
});
