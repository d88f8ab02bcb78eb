import { parseProviderAddress } from '../config/provider-address.ts';
import { DEFAULT_WARMUP_MS, DEFAULT_WEIGHT, type ProviderInstance } from './provider-instance.ts';
import type { ProviderSnapshot, RegistrySubscription, ServiceQuery } from './registry.ts';

/**
 * Providers that are named in the configuration and never change. Of an address that is named twice one counts.
 *
 * @param texts addresses, `dubbo://host:port`
 * @throws ProviderAddressError
 */
export function staticSubscription(texts: readonly string[], query: ServiceQuery): RegistrySubscription {
  const byKey = new Map<string, ProviderInstance>();
  for (const text of texts) {
    const address = parseProviderAddress(text);
    byKey.set(address.key, {
      address,
      version: query.version,
      group: query.group,
      application: '',
      weight: DEFAULT_WEIGHT,
      warmupMs: DEFAULT_WARMUP_MS,
      startedAtMs: undefined,
      tag: '',
      zone: '',
      token: '',
      isDisabled: false,
    });
  }
  const snapshot: ProviderSnapshot = { instances: [...byKey.values()], confirmedAtMs: undefined };
  return { snapshot, close() {} };
}
