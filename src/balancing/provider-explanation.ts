import type { ProviderInstance } from '../registry/provider-instance.ts';

/**
 * What keeps calls of a request from a provider, in the order in which it is asked: another version or group of the
 * service, another tag, another zone than the preferred one, taken out by an operator (or weight 0), left out for the
 * outcome of its calls, not connected or about to stop.
 */
export type ProviderFilter = 'version' | 'group' | 'tag' | 'zone' | 'disabled' | 'ejected' | 'unusable';

/** One provider as a request sees it. */
export interface ProviderExplanation {
  readonly instance: ProviderInstance;
  /** The first filter that takes it out; undefined where calls can go to it. */
  readonly filter: ProviderFilter | undefined;
  /** Why it is ejected, or would be if not too many were; undefined where it is well. */
  readonly ejection: string | undefined;
  /** Its weight now, which is less than that of the instance while it warms up; 0 where it is of another version or group. */
  readonly weight: number;
  /** Part of such requests that goes to it by the weights, from 0 to 1; load and latency move it. */
  readonly share: number;
  /** Calls in flight. */
  readonly inFlight: number;
}
