import type { Generation } from './generation.ts';
import { isEagerService } from './open-providers.ts';
import { StartReadiness } from './start-readiness.ts';

/**
 * Whether connections that are to be there before calls keep a gateway that has just started from being ready: until each
 * service with such connections and with providers has one, or the time is over. After that they do so no more. To be
 * asked once the providers are known.
 */
export class ConnectionReadiness extends StartReadiness {
  protected override isComplete({ config, surroundings }: Generation): boolean {
    for (const [name, service] of Object.entries(config.services)) {
      if (!isEagerService(config, service)) continue;
      const providers = surroundings.providers.get(name)!;
      if (providers.size > 0 && !providers.isConnected) return false;
    }
    return true;
  }
}
