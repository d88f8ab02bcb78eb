import type {
  ConnectionsAnswer,
  ProvidersAnswer,
  RoutesAnswer,
  ServicesAnswer,
} from '../admin/answers/inventory-answers.ts';
import type { ProviderQuery } from '../admin/provider-query.ts';
import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { ChannelStats } from '../rpc/channel-stats.ts';
import { timestamp } from '../telemetry/timestamp.ts';
import type { CallDescription } from './compile-call.ts';
import type { Generation } from './generation.ts';
import { keyOfMethod } from './method-keys.ts';
import { listSource, providerLists } from './provider-lists.ts';
import { countProviderStates } from './provider-state.ts';

/** The services of a configuration, and how their providers fare. */
export function serviceInventory({ config, surroundings }: Generation): ServicesAnswer {
  const services = Object.entries(config.services).map(([name, service]) => {
    const providers = surroundings.providers.get(name)!;
    return {
      name,
      interface: service.interface,
      version: service.version ?? null,
      group: service.group ?? null,
      generic: service.generic,
      timeoutMs: service.timeoutMs ?? config.defaults.timeoutMs,
      ...listSource(name, config, providers),
      providers: { total: providers.size, ...countProviderStates(providers) },
      methods: Object.entries(service.methods).map(([methodName, method]) => ({
        name: methodName,
        key: keyOfMethod(service, methodName, method),
        timeoutMs: method.timeoutMs ?? service.timeoutMs ?? config.defaults.timeoutMs,
        oneway: method.oneway,
      })),
    };
  });
  return { services };
}

/** The lists of services, and the addresses that calls go to. */
export function providerInventory(
  generation: Generation,
  query: ProviderQuery,
  channels: readonly ChannelStats[],
  wallOffsetMs: number,
): ProvidersAnswer {
  const lists = providerLists(generation, query);
  if (query.after !== undefined) return { ...lists, providers: [] };
  const providers = addressInventory(generation, channels, wallOffsetMs);
  const { service } = query;
  return {
    ...lists,
    providers: service === undefined ? providers : providers.filter(({ services }) => services.includes(service)),
  };
}

/** One entry for each channel: an address that only ends its last calls and is called anew has two. */
function addressInventory(
  { surroundings }: Generation,
  channels: readonly ChannelStats[],
  wallOffsetMs: number,
): ProvidersAnswer['providers'] {
  const users = new Map<string, string[]>();
  for (const [name, { addresses }] of surroundings.providers) {
    for (const address of addresses) {
      const services = users.get(address);
      if (services === undefined) users.set(address, [name]);
      else services.push(name);
    }
  }
  return channels.map((channel) => {
    const { provider, isReleased, connections, pending, lastFailure, counters } = channel;
    return {
      address: provider,
      services: isReleased ? [] : (users.get(provider) ?? []),
      state: stateOf(channel),
      connections: connections.length,
      pending,
      lastFailure:
        lastFailure === undefined
          ? null
          : { message: lastFailure.message, at: timestamp(lastFailure.atMs + wallOffsetMs) },
      counters,
    };
  });
}

export function connectionInventory(channels: readonly ChannelStats[], wallOffsetMs: number): ConnectionsAnswer {
  const connections = channels.flatMap(({ provider, connections }) =>
    connections.map(({ phase, startedMs, pending }) => ({
      provider,
      state: phase,
      since: timestamp(startedMs + wallOffsetMs),
      pending,
    })),
  );
  return { connections };
}

/** @param masked the configuration of the generation with its secrets masked */
export function routeInventory(
  { compiled }: Generation,
  masked: GatewayConfig,
  bulkheads: Bulkheads | undefined,
): RoutesAnswer {
  const routes = compiled.map(({ description }, index) => {
    const { method, path, host, headers, query, cookie } = masked.routes[index]!.match;
    return {
      id: description.config.id,
      match: { method, path, host: host ?? null, headers, query, cookie },
      service: description.call.service,
      method: description.methodKey,
      pool: poolOf(description.methodKey, bulkheads),
      timeoutMs: description.timeoutMs,
      arguments: description.arguments,
      split: splitOf(description.sides),
      mirror: description.mirror === undefined ? null : callOf(description.mirror, 1),
    };
  });
  return { routes };
}

function splitOf(sides: readonly CallDescription[]): RoutesAnswer['routes'][number]['split'] {
  if (sides.length < 2) return null;
  const sum = sides.reduce((total, { weight }) => total + weight, 0);
  return sides.map((side) => ({ name: side.side!, ...callOf(side, sum) }));
}

/** @param sum what the weights of all calls beside it make up */
function callOf(
  { weight, call, methodKey, timeoutMs, arguments: sources }: CallDescription,
  sum: number,
): NonNullable<RoutesAnswer['routes'][number]['mirror']> {
  return { share: weight / sum, service: call.service, method: methodKey, timeoutMs, arguments: sources };
}

function poolOf(methodKey: string, bulkheads: Bulkheads | undefined): 'normal' | 'slow' | null {
  if (bulkheads === undefined) return null;
  return bulkheads.methods.find(methodKey)?.state === 'quarantined' ? 'slow' : 'normal';
}

function stateOf({ isReleased, isUsable, connections }: ChannelStats): ProvidersAnswer['providers'][number]['state'] {
  const phases = new Set(connections.map(({ phase }) => phase));
  if (isReleased) return 'draining';
  if (phases.has('open')) return 'connected';
  if (phases.has('connecting') && isUsable) return 'connecting';
  if (phases.has('draining')) return 'draining';
  return isUsable ? 'idle' : 'failing';
}
