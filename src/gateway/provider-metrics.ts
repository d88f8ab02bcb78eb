import type { EndpointTable } from '../balancing/endpoint-table.ts';
import type { HostNames } from '../registry/host-names.ts';
import type { ChannelCounters } from '../rpc/channel-counters.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import type { Sample } from '../telemetry/metrics/collected-family.ts';
import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { Generation } from './generation.ts';
import { countProviderStates, PROVIDER_STATES } from './provider-state.ts';

const STATES = ['connecting', 'open', 'draining'] as const;

/** What the client counts on its connections, with the name of the metric. */
const COUNTERS: readonly (readonly [counter: keyof ChannelCounters, name: string, help: string])[] = [
  ['late', 'sluice_rpc_late_answers_total', 'Answers to calls that had timed out, failed or were given up.'],
  ['duplicate', 'sluice_rpc_duplicate_answers_total', 'Second answers to a call.'],
  ['unknown', 'sluice_rpc_unknown_answers_total', 'Answers to calls never sent, and requests of providers.'],
  ['oversized', 'sluice_rpc_oversized_answers_total', 'Answers larger than `maxFrameBytes`.'],
  ['connected', 'sluice_provider_connects_total', 'Connections to providers that were opened.'],
  [
    'reconnects',
    'sluice_provider_reconnects_total',
    'Connections to a provider opened after its first one, without renewed ones.',
  ],
  ['connectFailures', 'sluice_provider_connect_failures_total', 'Attempts to connect to a provider that failed.'],
  ['recycled', 'sluice_provider_recycled_total', 'Connections replaced because their calls kept timing out.'],
  ['renewed', 'sluice_provider_renewed_total', 'Connections replaced for their age or the number of their calls.'],
  ['idleClosed', 'sluice_provider_idle_closed_total', 'Connections closed because there were no calls.'],
  ['heartbeatsSent', 'sluice_provider_heartbeats_sent_total', 'Heartbeats sent to providers.'],
  ['heartbeatsAnswered', 'sluice_provider_heartbeats_answered_total', 'Heartbeats that providers answered.'],
];

/** What the metrics of providers are read from. */
export interface ProviderMetricsParts {
  readonly client: RpcClient;
  readonly endpoints: EndpointTable;
  readonly hostNames: HostNames;
  current(): Generation;
}

/** Declares the metrics of providers and the connections to them. All are read when they are rendered. */
export function registerProviderMetrics(
  registry: MetricRegistry,
  { client, endpoints, hostNames, current }: ProviderMetricsParts,
): void {
  registry.collect(
    'gauge',
    {
      name: 'sluice_providers',
      help: 'Providers of a service, of its version and group: usable, disabled, ejected for their calls, unusable.',
      labels: ['service', 'state'],
      aggregation: 'max',
      exception: { label: 'state', value: 'usable', aggregation: 'min' },
    },
    () => stateSamples(current()),
  );
  registry.callback(
    'counter',
    {
      name: 'sluice_provider_ejections_total',
      help: 'Times a provider was left out for what its calls had shown, failed probes included.',
    },
    () => endpoints.ejections,
  );
  registry.collect(
    'gauge',
    {
      name: 'sluice_provider_connections',
      help: 'Connections to the providers of a service; one that services share counts for each of them.',
      labels: ['service', 'state'],
    },
    () => connectionSamples(client, current()),
  );
  registry.callback(
    'gauge',
    {
      name: 'sluice_provider_names_failing',
      help: 'Host names of providers whose last look-up failed; the addresses they had serve on.',
      aggregation: 'max',
    },
    () => hostNames.status().filter(({ problem }) => problem !== undefined).length,
  );
  registry.callback(
    'gauge',
    { name: 'sluice_rpc_calls_in_flight', help: 'Calls that providers have not answered yet.' },
    () => client.pendingCalls,
  );
  for (const [counter, name, help] of COUNTERS)
    registry.callback('counter', { name, help }, () => client.totals()[counter]);
}

function* stateSamples({ surroundings }: Generation): Generator<Sample<'service' | 'state'>> {
  for (const [service, providers] of surroundings.providers) {
    const counts = countProviderStates(providers);
    for (const state of PROVIDER_STATES) yield { labels: { service, state }, value: counts[state] };
  }
}

function* connectionSamples(client: RpcClient, { surroundings }: Generation): Generator<Sample<'service' | 'state'>> {
  const phases = new Map<string, string[]>();
  for (const { provider, connections } of client.stats()) {
    phases.set(provider, [...(phases.get(provider) ?? []), ...connections.map(({ phase }) => phase)]);
  }
  for (const [service, { addresses }] of surroundings.providers) {
    const found = addresses.flatMap((address) => phases.get(address) ?? []);
    for (const state of STATES) {
      yield { labels: { service, state }, value: found.filter((phase) => phase === state).length };
    }
  }
}
