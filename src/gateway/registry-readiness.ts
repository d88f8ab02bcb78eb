import type { Generation } from './generation.ts';
import { registryProgress } from './registry-progress.ts';
import { StartReadiness } from './start-readiness.ts';

/**
 * Whether the registries keep a gateway that has just started from being ready: until each has told a list for each of
 * its services, or the time is over. After that they do so no more, whatever happens to them: the last known lists serve.
 */
export class RegistryReadiness extends StartReadiness {
  /** The registries that have not told all lists yet, by name, also when the time is over. */
  missing(generation: Generation): string[] {
    return [...registryProgress(generation)].filter(([, { waiting }]) => waiting > 0).map(([name]) => name);
  }

  protected override isComplete(generation: Generation): boolean {
    return this.missing(generation).length === 0;
  }
}
