import { GatewayError } from '../errors/gateway-error.ts';
import type { PoolName } from './slot.ts';

/** Why a pool refuses a call. */
export type PoolRefusalReason = 'full' | 'share' | 'waited';

const DETAILS: Readonly<Record<PoolRefusalReason, (pool: PoolName) => string>> = {
  full: (pool) => `The ${pool} pool has no free slot for the call.`,
  share: (pool) => `The method has as many calls in the ${pool} pool as one method may have there.`,
  waited: (pool) => `The call waited for a slot of the ${pool} pool for as long as it may.`,
};

/**
 * BULKHEAD_FULL: the call was not sent. `pool` in the body names the pool that refused it, which for a call that
 * overflowed is the slow one.
 */
export function bulkheadFullError(pool: PoolName, reason: PoolRefusalReason): GatewayError {
  return new GatewayError('BULKHEAD_FULL', DETAILS[reason](pool), { extensions: { pool }, log: { pool, reason } });
}
