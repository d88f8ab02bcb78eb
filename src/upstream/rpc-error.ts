import type { ErrorCode } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { RpcFailure, RpcFailureReason } from '../rpc/rpc-failure.ts';

/** What a call that was sent, but got no answer, is answered with. */
const SENT: Readonly<Record<RpcFailureReason, readonly [code: ErrorCode, detail: string]>> = {
  'connect-failed': ['PROVIDER_NONE', 'No provider can be reached.'],
  'connect-timeout': ['PROVIDER_NONE', 'No provider can be reached.'],
  timeout: ['PROVIDER_TIMEOUT', 'The provider did not answer in time.'],
  'connection-lost': [
    'PROVIDER_CONNECTION_LOST',
    'The connection to the provider was lost; the call may have been run.',
  ],
  'protocol-error': ['PROVIDER_PROTOCOL', 'The provider sent what is not Dubbo; the call may have been run.'],
  'frame-too-large': ['RESPONSE_TOO_LARGE', 'The answer exceeds the largest frame the gateway takes.'],
  'request-too-large': ['REQUEST_TOO_LARGE', 'The call exceeds the largest frame the gateway sends.'],
  'backlog-full': ['PROVIDER_BUSY', 'The provider does not take calls at present; the call was not run.'],
  'client-stopped': ['GATEWAY_STOPPING', 'The gateway stopped before the provider answered.'],
};

/** Reasons that say the same whether or not the call was sent. */
const SAME_UNSENT: ReadonlySet<RpcFailureReason> = new Set(['request-too-large', 'backlog-full', 'client-stopped']);

/** The error for a call that got no answer. */
export function rpcError(failure: RpcFailure): GatewayError {
  const { reason, sent, provider, message } = failure;
  const known = sent || SAME_UNSENT.has(reason);
  const [code, detail] = known ? SENT[reason] : SENT['connect-failed'];
  return new GatewayError(code, detail, { log: { provider, reason, sent, message } });
}
