import type { CallResult } from '../balancing/call-record.ts';
import type { CallVerdict } from '../bulkhead/method-window.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { RpcFailure } from '../rpc/rpc-failure.ts';
import type { RpcOutcome } from './rpc-outcome.ts';

/** How a call ended: for the metrics, and for the health of its method. */
export interface CallEnd {
  readonly outcome: RpcOutcome;
  readonly verdict: CallVerdict;
  /** What it says of the provider. */
  readonly result: CallResult;
}

export const OK: CallEnd = { outcome: 'ok', verdict: 'ok', result: 'ok' };
export const CANCELLED: CallEnd = { outcome: 'cancelled', verdict: 'cancelled', result: 'neutral' };
/** Another call of the same request was quicker. */
export const OVERTAKEN: CallEnd = { outcome: 'cancelled', verdict: 'cancelled', result: 'overtaken' };

const EXCEPTION: CallEnd = { outcome: 'exception', verdict: 'exception', result: 'ok' };
const TIMEOUT: CallEnd = { outcome: 'timeout', verdict: 'timeout', result: 'failure' };
/** The provider answered, but with no result. It did so in time, and more is not asked of a healthy method. */
const ANSWERED: CallEnd = { outcome: 'failed', verdict: 'exception', result: 'neutral' };
/** It said that it cannot serve the call, or what is no answer. */
const MISTAKEN: CallEnd = { outcome: 'failed', verdict: 'exception', result: 'failure' };
/** A connection that fails is the provider's trouble, not the method's. */
const LOST: CallEnd = { outcome: 'failed', verdict: 'neutral', result: 'failure' };
/** Not run at all: no connection, or no thread at the provider. */
const REFUSED: CallEnd = { outcome: 'refused', verdict: 'neutral', result: 'failure' };
/** The gateway itself ended its connection. */
const STOPPED: CallEnd = { outcome: 'failed', verdict: 'neutral', result: 'neutral' };
/** The gateway itself did not send it. */
const NOT_SENT: CallEnd = { outcome: 'refused', verdict: 'neutral', result: 'neutral' };

const ENDS: Partial<Record<ErrorCode, CallEnd>> = {
  PROVIDER_EXCEPTION: EXCEPTION,
  PROVIDER_TIMEOUT: TIMEOUT,
  PROVIDER_NONE: REFUSED,
  PROVIDER_BUSY: REFUSED,
  PROVIDER_CONNECTION_LOST: LOST,
  PROVIDER_REFUSED: MISTAKEN,
  PROVIDER_PROTOCOL: MISTAKEN,
};

/** The end of a call whose answer was no result. */
export function endOfAnswer(error: unknown): CallEnd {
  return (error instanceof GatewayError ? ENDS[error.code] : undefined) ?? ANSWERED;
}

/** The end of a call that got no answer. */
export function endOfFailure({ sent, reason }: RpcFailure): CallEnd {
  if (reason === 'client-stopped' || reason === 'request-too-large') return sent ? STOPPED : NOT_SENT;
  if (!sent) return REFUSED;
  if (reason === 'timeout') return TIMEOUT;
  if (reason === 'frame-too-large') return ANSWERED;
  return LOST;
}
