import type { ConfigPath } from './diagnostic.ts';
import type { GatewayConfig, RouteConfig } from './schema.ts';

/** The sections that bound how many workers there can be, as far as their shape is right. */
export interface SharedSections {
  readonly server: GatewayConfig['server'] | undefined;
  readonly admission: GatewayConfig['admission'] | undefined;
  readonly bulkhead: GatewayConfig['bulkhead'] | undefined;
  readonly defaults: GatewayConfig['defaults'] | undefined;
  readonly routes: readonly (RouteConfig | undefined)[];
}

/** A number of the configuration that all workers share, and that bounds by this how many there can be. */
export interface WorkerLimit {
  readonly path: ConfigPath;
  readonly value: number;
  /** What the share of each worker must hold, where that is more than one: a body or an answer. */
  readonly need: { readonly path: ConfigPath; readonly bytes: number } | undefined;
  readonly maxWorkers: number;
}

const POOLS = ['normal', 'slow', 'heartbeat'] as const;

/** All such limits. A pool or queue of 0 bounds nothing: it is 0 for each worker. */
export function workerLimits(sections: SharedSections): WorkerLimit[] {
  const { server, admission, bulkhead } = sections;
  const found: WorkerLimit[] = [];
  const add = (path: ConfigPath, value: number): void => {
    if (value > 0) found.push({ path, value, need: undefined, maxWorkers: value });
  };
  if (bulkhead !== undefined && bulkhead !== 'off') {
    for (const name of POOLS) add(['bulkhead', name, 'size'], bulkhead[name].size);
  }
  if (admission !== undefined && admission !== 'off') {
    add(['admission', 'maxInFlight'], admission.maxInFlight);
    const need = largestText(sections);
    if (need !== undefined) {
      const value = admission.maxInFlightBytes;
      found.push({ path: BYTES, value, need, maxWorkers: Math.floor(value / need.bytes) });
    }
  }
  if (server !== undefined) add(['server', 'limits', 'maxConnections'], server.limits.maxConnections);
  return found;
}

const BYTES: ConfigPath = ['admission', 'maxInFlightBytes'];

/** The longest body or answer that may come. */
function largestText({ server, defaults, routes }: SharedSections): WorkerLimit['need'] {
  let largest: WorkerLimit['need'];
  const add = (bytes: number | undefined, path: () => ConfigPath): void => {
    if (bytes !== undefined && bytes > (largest?.bytes ?? 0)) largest = { path: path(), bytes };
  };
  add(server?.limits.maxBodyBytes, () => ['server', 'limits', 'maxBodyBytes']);
  add(defaults?.maxResponseBytes, () => ['defaults', 'maxResponseBytes']);
  for (const [index, route] of routes.entries()) {
    add(route?.maxBodyBytes, () => ['routes', index, 'maxBodyBytes']);
    add(route?.maxResponseBytes, () => ['routes', index, 'maxResponseBytes']);
  }
  return largest;
}
