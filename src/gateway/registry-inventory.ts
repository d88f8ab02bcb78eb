import type { RegistriesAnswer } from '../admin/answers/inventory-answers.ts';
import { timestamp } from '../telemetry/timestamp.ts';
import type { Generation } from './generation.ts';
import type { Registries } from './registries.ts';
import { registryProgress } from './registry-progress.ts';

type RegistryAnswer = RegistriesAnswer['registries'][number];

/** The registries that are asked, and those of the configuration that nobody uses. */
export function registryInventory(generation: Generation, registries: Registries): RegistriesAnswer {
  const progress = registryProgress(generation);
  const used = registries.status().map(({ name, type, state, sinceMs, subscriptions, problem }): RegistryAnswer => {
    const { waiting = 0, confirmedAtMs } = progress.get(name) ?? {};
    return {
      name,
      type,
      state,
      since: timestamp(sinceMs),
      subscriptions,
      waiting,
      confirmedAt: confirmedAtMs === undefined ? null : timestamp(confirmedAtMs),
      problem: problem ?? null,
    };
  });
  const unused = Object.entries(generation.config.registries)
    .filter(([name, { type }]) => type !== 'static' && !used.some((one) => one.name === name))
    .map(([name, { type }]): RegistryAnswer => ({ name, type, ...UNUSED }));
  return { registries: [...used, ...unused] };
}

const UNUSED = {
  state: 'unused',
  since: null,
  subscriptions: 0,
  waiting: 0,
  confirmedAt: null,
  problem: null,
} as const;
