import type { ProviderAddress } from '../config/provider-address.ts';

/** The providers of one service, as known now. */
export interface ProviderList {
  readonly addresses: readonly ProviderAddress[];
  readonly size: number;
  /**
   * Whose turn it is, as an index of `addresses`; -1 if there is none that `isUsable` takes. Without `isUsable` every
   * provider is taken.
   */
  next(isUsable?: (index: number) => boolean): number;
}
