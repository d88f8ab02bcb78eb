import type { ProviderAddress } from '../config/provider-address.ts';
import { DEFAULT_WARMUP_MS, DEFAULT_WEIGHT, type ProviderInstance } from './provider-instance.ts';
import type { ProviderSettings } from './provider-settings.ts';

/** A provider of a service as it registered itself, before rules of operators and defaults. */
export interface ProviderRecord {
  readonly address: ProviderAddress;
  /** Version, group and application; empty where none is named. */
  readonly version: string;
  readonly group: string;
  readonly application: string;
  /** What calls have to bring; empty for none. */
  readonly token: string;
  readonly settings: ProviderSettings;
}

/** Adds what rules say (`settings`, those of the record where there are none) and the defaults. */
export function providerInstance(
  record: ProviderRecord,
  settings: ProviderSettings = record.settings,
): ProviderInstance {
  return {
    address: record.address,
    version: record.version,
    group: record.group,
    application: record.application,
    token: record.token,
    weight: settings.weight ?? DEFAULT_WEIGHT,
    warmupMs: settings.warmupMs ?? DEFAULT_WARMUP_MS,
    startedAtMs: settings.startedAtMs,
    tag: settings.tag ?? '',
    zone: settings.zone ?? '',
    isDisabled: settings.isDisabled ?? false,
  };
}

/** Equal for equal address, version and group: what counts once in a list. */
export function providerKey(provider: Pick<ProviderInstance, 'address' | 'version' | 'group'>): string {
  return `${provider.address.key} ${provider.version} ${provider.group}`;
}
