import type { Generation } from './generation.ts';
import { registryOfService } from './registry-of-service.ts';

/** How far one registry has told what it is asked for. */
export interface RegistryProgress {
  /** Services of which there is no list yet. */
  readonly waiting: number;
  /** When it last said that a list holds, in ms since 1970; undefined before it did. */
  readonly confirmedAtMs: number | undefined;
}

/** The registries that services of a configuration use, by name. */
export function registryProgress({ config, surroundings }: Generation): ReadonlyMap<string, RegistryProgress> {
  const found = new Map<string, RegistryProgress>();
  for (const [name, service] of Object.entries(config.services)) {
    const registry = registryOfService(config, service)?.name;
    if (registry === undefined) continue;
    const { confirmedAtMs } = surroundings.providers.get(name)!.snapshot;
    const { waiting, confirmedAtMs: before } = found.get(registry) ?? NOTHING_TOLD;
    found.set(registry, {
      waiting: confirmedAtMs === undefined ? waiting + 1 : waiting,
      confirmedAtMs: laterOf(before, confirmedAtMs),
    });
  }
  return found;
}

const NOTHING_TOLD: RegistryProgress = { waiting: 0, confirmedAtMs: undefined };

function laterOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
