import type { CallVerdict } from '../bulkhead/method-window.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';

/**
 * How a call ended, as metrics name it. `ok`: with a result. `exception`: the called method threw. `timeout`: no answer
 * in time. `refused`: the provider answered, but with no result. `failed`: connection refused or lost, or the provider had
 * no thread for it. `cancelled`: the caller went away.
 */
export type CallEnd = 'ok' | 'exception' | 'timeout' | 'refused' | 'failed' | 'cancelled';

const ENDS: Partial<Record<ErrorCode, CallEnd>> = {
  PROVIDER_EXCEPTION: 'exception',
  PROVIDER_TIMEOUT: 'timeout',
  PROVIDER_NONE: 'failed',
  PROVIDER_BUSY: 'failed',
  PROVIDER_CONNECTION_LOST: 'failed',
  GATEWAY_STOPPING: 'failed',
};

/**
 * What an end says of the method's health. An answer that is no result came in time all the same; a connection that
 * failed is the provider's trouble, not the method's.
 */
export const VERDICTS: Readonly<Record<CallEnd, CallVerdict>> = {
  ok: 'ok',
  exception: 'exception',
  timeout: 'timeout',
  refused: 'exception',
  failed: 'neutral',
  cancelled: 'cancelled',
};

/** The end of a call whose answer, or lack of one, became this error. */
export function endOfError(error: unknown): CallEnd {
  return (error instanceof GatewayError ? ENDS[error.code] : undefined) ?? 'refused';
}
