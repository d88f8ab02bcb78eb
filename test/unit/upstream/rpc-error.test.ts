import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '../../../src/errors/error-codes.ts';
import { RpcFailure, type RpcFailureReason } from '../../../src/rpc/rpc-failure.ts';
import { rpcError } from '../../../src/upstream/rpc-error.ts';

/** A reason that is missing here does not compile. */
const CODES: Readonly<Record<RpcFailureReason, readonly [unsent: ErrorCode, sent: ErrorCode]>> = {
  'connect-failed': ['PROVIDER_NONE', 'PROVIDER_NONE'],
  'connect-timeout': ['PROVIDER_NONE', 'PROVIDER_NONE'],
  timeout: ['PROVIDER_NONE', 'PROVIDER_TIMEOUT'],
  'connection-lost': ['PROVIDER_NONE', 'PROVIDER_CONNECTION_LOST'],
  'protocol-error': ['PROVIDER_NONE', 'PROVIDER_PROTOCOL'],
  'frame-too-large': ['PROVIDER_NONE', 'RESPONSE_TOO_LARGE'],
  'request-too-large': ['REQUEST_TOO_LARGE', 'REQUEST_TOO_LARGE'],
  'backlog-full': ['PROVIDER_BUSY', 'PROVIDER_BUSY'],
  'client-stopped': ['GATEWAY_STOPPING', 'GATEWAY_STOPPING'],
};

describe('the error for a call without an answer', () => {
  for (const [reason, codes] of Object.entries(CODES) as [RpcFailureReason, (typeof CODES)[RpcFailureReason]][]) {
    for (const sent of [false, true]) {
      const code = codes[Number(sent)]!;
      it(`that ended with ${reason}, ${sent ? 'sent' : 'not sent'}, is ${code}`, () => {
        const error = rpcError(new RpcFailure(reason, sent, '10.1.2.3:20880', 'ECONNREFUSED 10.1.2.3:20880'));
        assert.equal(error.code, code);
        assert.deepEqual(error.log, {
          provider: '10.1.2.3:20880',
          reason,
          sent,
          message: 'ECONNREFUSED 10.1.2.3:20880',
        });
        assert.doesNotMatch(error.detail, /10\.1\.2\.3|ECONN|20880/);
        assert.match(error.detail, /^[A-Z].*\.$/);
        assert.equal(error.extensions ?? error.jsonExtensions, undefined);
      });
    }
  }

  it('says that the call may have been run only where it may', () => {
    for (const reason of Object.keys(CODES) as RpcFailureReason[]) {
      const unsent = rpcError(new RpcFailure(reason, false, 'p:1', 'x'));
      assert.doesNotMatch(unsent.detail, /may have been run/, reason);
    }
    assert.match(rpcError(new RpcFailure('connection-lost', true, 'p:1', 'x')).detail, /may have been run/);
  });
});
