import type { EndpointTable } from '../balancing/endpoint-table.ts';
import type { GatewayConfig, ServiceConfig } from '../config/schema.ts';
import type { HostNames } from '../registry/host-names.ts';
import { resolvedSubscription } from '../registry/resolved-subscription.ts';
import { staticSubscription } from '../registry/static-registry.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import type { Clock } from '../time/clock.ts';
import { ServiceProviders, type Subscribe } from '../upstream/service-providers.ts';
import type { Registries } from './registries.ts';
import { registryOfService } from './registry-of-service.ts';

/** What the providers of all services share. */
export interface ProviderParts {
  readonly client: RpcClient;
  readonly clock: Clock;
  readonly registries: Registries;
  readonly endpoints: EndpointTable;
  /** Looks host names of providers up; undefined where connections do so by themselves. */
  readonly hostNames?: HostNames | undefined;
}

/** What of a configuration the providers of a service depend on: equal ones are the same. */
export function providerSettings({ defaults, registries }: GatewayConfig, service: ServiceConfig): object {
  return {
    interface: service.interface,
    version: service.version ?? '',
    group: service.group ?? '',
    providers: service.providers,
    registry: service.registry === undefined ? undefined : registries[service.registry],
    registryName: service.registry,
    connections: service.connectionsPerProvider,
    connectEagerly: service.connectEagerly ?? defaults.connectEagerly,
    balancer: service.balancer ?? defaults.balancer,
    ejection: service.ejection ?? defaults.ejection,
    zone: defaults.zone,
  };
}

/** Whether connections to the providers of a service are opened before there are calls. */
export function isEagerService({ defaults }: Pick<GatewayConfig, 'defaults'>, service: ServiceConfig): boolean {
  return service.connectEagerly ?? defaults.connectEagerly;
}

/** Begins to follow the providers of a service. Connections to them are opened with calls, or soon if they are eager. */
export function openProviders(config: GatewayConfig, service: ServiceConfig, parts: ProviderParts): ServiceProviders {
  const { client, clock, endpoints, registries, hostNames } = parts;
  const { defaults } = config;
  const query = {
    interfaceName: service.interface,
    version: service.version ?? '',
    group: service.group ?? '',
  };
  const ejection = service.ejection ?? defaults.ejection;
  const { version, group } = query;
  const subscribe = subscriber(config, service, query, registries);
  const isEager = isEagerService(config, service);
  return new ServiceProviders(
    {
      version,
      group,
      balancer: service.balancer ?? defaults.balancer,
      ejection: ejection === 'off' ? undefined : ejection,
      zone: defaults.zone,
      endpoints,
      scope: `${query.interfaceName}:${version}:${group}`,
      random: Math.random,
      open: (address) => client.channel(address, service.connectionsPerProvider, isEager),
    },
    hostNames === undefined ? subscribe : (onChange) => resolvedSubscription(subscribe, hostNames, onChange),
    clock,
  );
}

function subscriber(
  config: GatewayConfig,
  service: ServiceConfig,
  query: Parameters<typeof staticSubscription>[1],
  registries: Registries,
): Subscribe {
  const source = registryOfService(config, service);
  if (source === undefined) return () => staticSubscription(service.providers ?? [], query);
  return (onChange) => {
    const { registry, release } = registries.retain(source.name, source.config);
    const subscription = registry.subscribe(query, onChange);
    return {
      get snapshot() {
        return subscription.snapshot;
      },
      close() {
        subscription.close();
        release();
      },
    };
  };
}
