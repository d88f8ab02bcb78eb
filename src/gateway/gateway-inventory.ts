import type {
  ConnectionsAnswer,
  ProvidersAnswer,
  RoutesAnswer,
  ServicesAnswer,
} from '../admin/answers/inventory-answers.ts';
import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { ChannelStats } from '../rpc/provider-channel.ts';
import { timestamp } from '../telemetry/timestamp.ts';
import type { Generation } from './generation.ts';
import { keyOfMethod } from './method-keys.ts';

/** The services of a configuration, with the channels to their providers. */
export function serviceInventory(
  { config, surroundings }: Generation,
  channels: readonly ChannelStats[],
): ServicesAnswer {
  const failing = new Set(addressesOf(channels, false));
  for (const address of addressesOf(channels, true)) failing.delete(address);
  const services = Object.entries(config.services).map(([name, service]) => {
    const { addresses } = surroundings.providers.get(name)!;
    return {
      name,
      interface: service.interface,
      version: service.version ?? null,
      group: service.group ?? null,
      generic: service.generic,
      timeoutMs: service.timeoutMs ?? config.defaults.timeoutMs,
      providers: { total: addresses.length, usable: addresses.filter((address) => !failing.has(address)).length },
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

/** One entry for each channel: an address that only ends its last calls and is called anew has two. */
export function providerInventory(
  { surroundings }: Generation,
  channels: readonly ChannelStats[],
  wallOffsetMs: number,
): ProvidersAnswer {
  const users = new Map<string, string[]>();
  for (const [name, { addresses }] of surroundings.providers) {
    for (const address of addresses) users.set(address, [...(users.get(address) ?? []), name]);
  }
  const providers = channels.map((channel) => {
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
  return { providers };
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
    };
  });
  return { routes };
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

function addressesOf(channels: readonly ChannelStats[], isUsable: boolean): string[] {
  return channels.filter((channel) => channel.isUsable === isUsable).map(({ provider }) => provider);
}
