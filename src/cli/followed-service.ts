import type { GatewayConfig } from '../config/schema.ts';
import { detachedParts } from '../gateway/detached-parts.ts';
import { buildGeneration, type Generation } from '../gateway/generation.ts';
import { openRegistry } from '../gateway/open-registry.ts';
import { Registries } from '../gateway/registries.ts';
import { registryOfService } from '../gateway/registry-of-service.ts';
import type { RegistryEvent } from '../registry/registry-event.ts';
import { fetchMetadata } from '../rpc/metadata-call.ts';
import { RpcClient } from '../rpc/rpc-client.ts';
import { systemClock } from '../time/clock.ts';
import type { ServiceProviders } from '../upstream/service-providers.ts';
import { repeat } from './repeat.ts';

export interface FollowedServiceOptions {
  /** Whether providers may be asked what they serve, where the registry does not say it. */
  readonly mayAskProviders: boolean;
  /** Time in ms that the registry has for its first answer; default 5,000. */
  readonly limitMs?: number;
}

/** One service of a configuration with its providers as they are now. */
export interface FollowedService {
  /** Of this service alone, without routes. */
  readonly generation: Generation;
  readonly providers: ServiceProviders;
  /** `registry main (zookeeper)`; undefined where the providers stand in the configuration. */
  readonly source: string | undefined;
  /** Why there is no list of providers, for people; undefined where there is one. */
  readonly problem: string | undefined;
  /** What else the registry had to say, each sentence once. */
  readonly warnings: readonly string[];
  /** Ends the connections. */
  close(): void;
}

const DEFAULT_LIMIT_MS = 5_000;
const LOOK_EVERY_MS = 20;

/** Asks the registry of a service for its providers, and waits for them, but not for long. Calls nobody. */
export async function followService(
  config: GatewayConfig,
  name: string,
  { mayAskProviders, limitMs = DEFAULT_LIMIT_MS }: FollowedServiceOptions,
): Promise<FollowedService> {
  const service = config.services[name]!;
  const client = new RpcClient(config.defaults);
  const warnings = new Set<string>();
  const registries = new Registries((_, section) =>
    openRegistry(section, {
      fetchMetadata: (address, application, revision) =>
        mayAskProviders ? fetchMetadata(client, address, application, revision) : Promise.reject(new NotAsked()),
      log: (event) => noteWarning(event, warnings),
      clock: systemClock,
    }),
  );
  const generation = buildGeneration(
    { ...config, services: { [name]: service }, routes: [] },
    { ...detachedParts(client), registries },
  );
  const providers = generation.surroundings.providers.get(name)!;
  const registry = registryOfService(config, service);
  if (registry !== undefined) await firstAnswer(providers, limitMs);
  const source = registry === undefined ? undefined : `registry ${registry.name} (${registry.config.type})`;
  const isAnswered = registry === undefined || providers.snapshot.confirmedAtMs !== undefined;
  const [status] = registries.status();
  return {
    generation,
    providers,
    source,
    problem: isAnswered ? undefined : `${source} gave no list within ${limitMs / 1_000} s${reasonOf(status?.problem)}`,
    warnings: [...warnings],
    close: () => {
      generation.release();
      client.close();
    },
  };
}

/** Where asking a provider would be a call. */
class NotAsked extends Error {
  constructor() {
    super('providers are not asked here');
    this.name = 'NotAsked';
  }
}

async function firstAnswer(providers: ServiceProviders, limitMs: number): Promise<void> {
  const over = new AbortController();
  const dueMs = systemClock.nowMs() + limitMs;
  const look = async (): Promise<void> => {
    if (providers.snapshot.confirmedAtMs !== undefined || systemClock.nowMs() >= dueMs) over.abort();
  };
  await repeat(look, LOOK_EVERY_MS, over.signal);
}

function noteWarning({ type, message }: RegistryEvent, warnings: Set<string>): void {
  if (type !== 'connected' && type !== 'lost') warnings.add(message);
}

function reasonOf(problem: string | undefined): string {
  return problem === undefined ? '' : `: ${problem}`;
}
