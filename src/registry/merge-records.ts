import { type ProviderRecord, providerKey } from './provider-record.ts';

/**
 * One record for each address, version and group. Of several, the one that started last counts: after a crash the old
 * node of a provider can stand beside the new one until its session ends. Where a provider registered at both levels,
 * that of the interface counts, which says more.
 */
export function mergeRecords(
  interfaceLevel: readonly ProviderRecord[],
  applicationLevel: readonly ProviderRecord[],
): ProviderRecord[] {
  const merged = newestByKey(interfaceLevel);
  for (const [key, record] of newestByKey(applicationLevel)) if (!merged.has(key)) merged.set(key, record);
  return [...merged.values()];
}

function newestByKey(records: readonly ProviderRecord[]): Map<string, ProviderRecord> {
  const newest = new Map<string, ProviderRecord>();
  for (const record of records) {
    const key = providerKey(record);
    const other = newest.get(key);
    if (other === undefined || startOf(record) >= startOf(other)) newest.set(key, record);
  }
  return newest;
}

function startOf({ settings }: ProviderRecord): number {
  return settings.startedAtMs ?? 0;
}
