import type { ProviderChoice, ServiceProviders } from '../upstream/service-providers.ts';

/**
 * What becomes of a provider whatever the request: `usable` takes calls; `disabled` was taken out by an operator, or has
 * the weight 0; `ejected` is left out for the outcome of its calls; `unusable` cannot be reached or is about to stop.
 */
export type ProviderState = 'usable' | 'disabled' | 'ejected' | 'unusable';

export const PROVIDER_STATES: readonly ProviderState[] = ['usable', 'disabled', 'ejected', 'unusable'];

/** How many providers of the version and group of a service are in each state. */
export function countProviderStates(providers: ServiceProviders): Record<ProviderState, number> {
  const counts = { usable: 0, disabled: 0, ejected: 0, unusable: 0 };
  for (const candidate of providers.candidates) counts[stateOf(candidate)]++;
  return counts;
}

function stateOf({ weight, isEjected, target }: ProviderChoice): ProviderState {
  if (weight === 0) return 'disabled';
  if (isEjected) return 'ejected';
  return target.isUsable ? 'usable' : 'unusable';
}
