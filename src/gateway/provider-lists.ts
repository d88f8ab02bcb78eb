import type { ProvidersAnswer } from '../admin/answers/inventory-answers.ts';
import type { ProviderQuery } from '../admin/provider-query.ts';
import { ANY_PROVIDER } from '../balancing/balancer.ts';
import type { ProviderExplanation } from '../balancing/provider-explanation.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { HostNameStatus } from '../registry/host-names.ts';
import { timestamp } from '../telemetry/timestamp.ts';
import type { ServiceProviders } from '../upstream/service-providers.ts';
import type { Generation } from './generation.ts';
import { registryOfService } from './registry-of-service.ts';

type ProviderLists = Pick<ProvidersAnswer, 'lists' | 'nextAfter'>;
type ProviderList = ProvidersAnswer['lists'][number];

/**
 * The providers of services as requests without a tag see them, so many services as make up `limit` providers.
 *
 * @throws GatewayError REQUEST_INVALID for a service that is not there
 */
export function providerLists(generation: Generation, { service, limit, after }: ProviderQuery): ProviderLists {
  const names = Object.keys(generation.config.services);
  if (service !== undefined) return { lists: [listOf(known(service, 'service', names), generation)], nextAfter: null };
  const start = after === undefined ? 0 : names.indexOf(known(after, 'after', names)) + 1;
  const lists: ProviderList[] = [];
  let providers = 0;
  for (let index = start; index < names.length; index++) {
    const list = listOf(names[index]!, generation);
    lists.push(list);
    providers += list.providers.length;
    if (providers >= limit && index < names.length - 1) return { lists, nextAfter: list.service };
  }
  return { lists, nextAfter: null };
}

/** Where the list of a service comes from, and when it was last known to hold. */
export function listSource(
  name: string,
  config: GatewayConfig,
  providers: ServiceProviders,
): Pick<ProviderList, 'registry' | 'confirmedAt'> {
  const { confirmedAtMs } = providers.snapshot;
  return {
    registry: registryOfService(config, config.services[name]!)?.name ?? null,
    confirmedAt: confirmedAtMs === undefined ? null : timestamp(confirmedAtMs),
  };
}

function listOf(name: string, { config, surroundings }: Generation): ProviderList {
  const providers = surroundings.providers.get(name)!;
  return {
    service: name,
    ...listSource(name, config, providers),
    hostNames: (providers.snapshot.hostNames ?? []).map(listedName),
    providers: providers.explain(ANY_PROVIDER).map(listedProvider),
  };
}

function listedProvider(explained: ProviderExplanation): ProviderList['providers'][number] {
  const { instance, filter, ejection, weight, share, inFlight } = explained;
  const { address, version, group, application, tag, zone } = instance;
  return {
    address: address.key,
    version: orNull(version),
    group: orNull(group),
    application: orNull(application),
    tag: orNull(tag),
    zone: orNull(zone),
    weight,
    share,
    filter: filter ?? null,
    ejection: ejection ?? null,
    inFlight,
  };
}

function listedName({ name, addresses, resolvedAtMs, problem }: HostNameStatus): ProviderList['hostNames'][number] {
  const resolvedAt = resolvedAtMs === undefined ? null : timestamp(resolvedAtMs);
  return { name, addresses, resolvedAt, problem: problem ?? null };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}

function known(name: string, parameter: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  const detail = `query.${parameter}: there is no such service${hint === '' ? '.' : hint}`;
  throw new GatewayError('REQUEST_INVALID', detail, { extensions: { path: `query.${parameter}` } });
}
