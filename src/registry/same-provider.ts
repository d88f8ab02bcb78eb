import type { ProviderInstance } from './provider-instance.ts';

/** Whether nothing differs that matters to a caller. */
export function isSameProvider(a: ProviderInstance, b: ProviderInstance): boolean {
  return (
    a.address.key === b.address.key &&
    a.version === b.version &&
    a.group === b.group &&
    a.application === b.application &&
    a.token === b.token &&
    a.weight === b.weight &&
    a.warmupMs === b.warmupMs &&
    a.startedAtMs === b.startedAtMs &&
    a.tag === b.tag &&
    a.zone === b.zone &&
    a.isDisabled === b.isDisabled
  );
}
