import type { CallVerdict } from '../bulkhead/method-window.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { RpcFailure } from '../rpc/rpc-failure.ts';
import type { RpcOutcome } from './rpc-metrics.ts';

/** How a call ended: for the metrics, and for the health of its method. */
export interface CallEnd {
  readonly outcome: RpcOutcome;
  readonly verdict: CallVerdict;
}

export const OK: CallEnd = { outcome: 'ok', verdict: 'ok' };
export const CANCELLED: CallEnd = { outcome: 'cancelled', verdict: 'cancelled' };

const EXCEPTION: CallEnd = { outcome: 'exception', verdict: 'exception' };
const TIMEOUT: CallEnd = { outcome: 'timeout', verdict: 'timeout' };
/** The provider answered, but with no result. It did so in time, and more is not asked of a healthy method. */
const ANSWERED: CallEnd = { outcome: 'failed', verdict: 'exception' };
/** A connection that fails is the provider's trouble, not the method's. */
const LOST: CallEnd = { outcome: 'failed', verdict: 'neutral' };
/** Not run at all: no connection, or no thread at the provider. */
const REFUSED: CallEnd = { outcome: 'refused', verdict: 'neutral' };

const ENDS: Partial<Record<ErrorCode, CallEnd>> = {
  PROVIDER_EXCEPTION: EXCEPTION,
  PROVIDER_TIMEOUT: TIMEOUT,
  PROVIDER_NONE: REFUSED,
  PROVIDER_BUSY: REFUSED,
  PROVIDER_CONNECTION_LOST: LOST,
};

/** The end of a call whose answer was no result. */
export function endOfAnswer(error: unknown): CallEnd {
  return (error instanceof GatewayError ? ENDS[error.code] : undefined) ?? ANSWERED;
}

/** The end of a call that got no answer. */
export function endOfFailure({ sent, reason }: RpcFailure): CallEnd {
  if (!sent) return REFUSED;
  if (reason === 'timeout') return TIMEOUT;
  return reason === 'frame-too-large' ? ANSWERED : LOST;
}
