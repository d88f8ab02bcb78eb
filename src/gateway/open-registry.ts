import type { NacosConfig, ZookeeperConfig } from '../config/registry-schema.ts';
import type { FetchMetadata } from '../registry/application-metadata.ts';
import { NacosRegistry } from '../registry/nacos/nacos-registry.ts';
import type { Registry } from '../registry/registry.ts';
import type { RegistryEvent } from '../registry/registry-event.ts';
import { ZookeeperRegistry } from '../registry/zookeeper/zookeeper-registry.ts';
import { fetchMetadata } from '../rpc/metadata-call.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Clock } from '../time/clock.ts';
import type { OpenRegistry } from './registries.ts';
import type { AskedRegistryConfig } from './registry-of-service.ts';

/** Makes registries whose events go to the log. */
export function registryOpener(client: RpcClient, logger: Logger, clock: Clock): OpenRegistry {
  return (name, config) => {
    return openRegistry(config, {
      fetchMetadata: (address, application, revision) => fetchMetadata(client, address, application, revision),
      log: (event) => logEvent(name, event, logger),
      clock,
    });
  };
}

/** Makes the registry of a section; nothing is connected yet. */
export function openRegistry(config: AskedRegistryConfig, parts: RegistryParts): Registry {
  return config.type === 'nacos' ? openNacos(config, parts) : openZookeeper(config, parts);
}

/** What every registry is given. */
export interface RegistryParts {
  readonly fetchMetadata: FetchMetadata;
  readonly log: (event: RegistryEvent) => void;
  readonly clock: Clock;
}

function openZookeeper({ type: _, user, password, ...config }: ZookeeperConfig, parts: RegistryParts): Registry {
  return new ZookeeperRegistry({ ...config, ...credentials(user, password), ...parts });
}

function openNacos({ type: _, user, password, ...config }: NacosConfig, parts: RegistryParts): Registry {
  return new NacosRegistry({ ...config, ...credentials(user, password), ...parts });
}

function credentials(user: string | undefined, password: string | undefined) {
  return user === undefined ? {} : { credentials: { user, password: password ?? '' } };
}

/** What costs providers is a warning. */
function logEvent(registry: string, { type, message, interfaceName, error }: RegistryEvent, logger: Logger): void {
  const fields = { registry, ...(interfaceName !== undefined && { interface: interfaceName }), reason: message };
  if (type === 'callback-threw')
    logger.error('fault while a list of providers was taken over', { ...fields, err: error });
  else if (type === 'connected') logger.info('registry connected', fields);
  else logger.warn(`registry ${type}`, fields);
}
