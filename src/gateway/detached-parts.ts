import { EndpointTable } from '../balancing/endpoint-table.ts';
import type { Registry, RegistryStatus } from '../registry/registry.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { type Clock, systemClock } from '../time/clock.ts';
import { HedgeTimer } from '../upstream/hedge-timer.ts';
import type { SharedParts } from './generation.ts';
import { Registries } from './registries.ts';

/** The parts of a generation that serves nothing: no registry is asked, and nothing is bounded or counted. */
export function detachedParts(client: RpcClient, clock: Clock = systemClock): SharedParts {
  const registries = new Registries(() => NOBODY);
  const hedgeTimer = new HedgeTimer(clock);
  const own = { endpoints: new EndpointTable(), bulkheads: undefined, rpcMetrics: undefined, hedgeTimer };
  return { client, clock, registries, ...own };
}

const NO_STATUS: RegistryStatus = { state: 'closed', sinceMs: 0, subscriptions: 0, problem: undefined };

/** A registry that knows nobody. */
const NOBODY: Registry = {
  subscribe: () => ({ snapshot: { instances: [], confirmedAtMs: undefined }, close() {} }),
  status: () => NO_STATUS,
  close: () => Promise.resolve(),
};
