/**
 * How a call ended: with a result, with a business exception, too late, refused before it was sent (no slot, no
 * provider), failed (connection lost, refused by the provider, an answer that is none), or given up by its caller.
 */
export type RpcOutcome = 'ok' | 'exception' | 'timeout' | 'refused' | 'failed' | 'cancelled';
