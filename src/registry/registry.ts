import type { HostNameStatus } from './host-names.ts';
import type { ProviderInstance } from './provider-instance.ts';

/** Which providers are asked for. */
export interface ServiceQuery {
  readonly interfaceName: string;
  /** Empty for none. */
  readonly version: string;
  readonly group: string;
}

/** What a registry knows of a service at one moment. */
export interface ProviderSnapshot {
  /** May hold other versions and groups of the interface; one entry per address, version and group. */
  readonly instances: readonly ProviderInstance[];
  /** When the registry last said so, by the machine's clock in ms; undefined before its first answer. */
  readonly confirmedAtMs: number | undefined;
  /** The host names among the addresses that the registry told, whose addresses stand in `instances`; absent for none. */
  readonly hostNames?: readonly HostNameStatus[];
}

/** A list that is kept up to date until it is closed. */
export interface RegistrySubscription {
  readonly snapshot: ProviderSnapshot;
  close(): void;
}

export interface RegistryStatus {
  /** `connected` answers; `connecting` never did; `away` did, and the last known lists serve; `closed` was closed. */
  readonly state: 'connecting' | 'connected' | 'away' | 'closed';
  /** Since when it is in that state, by the machine's clock in ms. */
  readonly sinceMs: number;
  readonly subscriptions: number;
  /** What is wrong, without addresses and secrets; undefined if nothing is. */
  readonly problem: string | undefined;
}

/** Where providers are learnt. */
export interface Registry {
  /**
   * Follows the providers of a service. `onChange` is told each list that differs from the one before, never within the
   * call of `subscribe`, and no more after `close`.
   */
  subscribe(query: ServiceQuery, onChange: (snapshot: ProviderSnapshot) => void): RegistrySubscription;
  status(): RegistryStatus;
  /** Ends all subscriptions and connections. */
  close(): Promise<void>;
}
