import type { QuarantineOverride } from '../config/bulkhead-schema.ts';
import type { GatewayConfig, RouteConfig, ServiceConfig } from '../config/schema.ts';

/** One worker of a group. */
export interface WorkerPlace {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** The least that a rule of quarantine keeps of its number of calls: fewer would judge a method by chance. */
const LEAST_CALLS = 3;

/**
 * The configuration of one worker: its part of everything that all requests together may have, so that the parts of all
 * workers add up to what is configured. What is not divided holds for each request, connection or provider.
 *
 * - Slots, requests, bytes, connections of clients and mirrored calls are divided to the last one; each worker has one at
 *   least of those, while a queue may come out empty.
 * - `connectionsPerProvider` is divided and rounded up: each worker has connections of its own.
 * - `timeouts` and `minCalls` of quarantine are divided and rounded up, since a worker sees only its part of the calls,
 *   but not below three, or what is configured if that is less.
 */
export function workerShare(config: GatewayConfig, { index, count }: WorkerPlace): GatewayConfig {
  if (count === 1) return config;
  const part = (total: number): number => Math.floor(total / count) + (index < total % count ? 1 : 0);
  const oneAtLeast = (total: number): number => Math.max(1, part(total));
  const { server, admission, bulkhead } = config;
  return {
    ...config,
    server: { ...server, limits: { ...server.limits, maxConnections: oneAtLeast(server.limits.maxConnections) } },
    admission: admission === 'off' ? admission : admissionShare(admission, part, oneAtLeast),
    bulkhead: bulkhead === 'off' ? bulkhead : bulkheadShare(bulkhead, count, part),
    services: Object.fromEntries(
      Object.entries(config.services).map(([name, service]) => [name, serviceShare(service, count)]),
    ),
    routes: config.routes.map((route) => routeShare(route, oneAtLeast)),
  };
}

type Part = (total: number) => number;

function admissionShare(
  admission: Exclude<GatewayConfig['admission'], 'off'>,
  part: Part,
  oneAtLeast: Part,
): GatewayConfig['admission'] {
  return {
    ...admission,
    maxInFlight: oneAtLeast(admission.maxInFlight),
    maxInFlightBytes: oneAtLeast(admission.maxInFlightBytes),
    maxQueue: part(admission.maxQueue),
  };
}

type BulkheadConfig = Exclude<GatewayConfig['bulkhead'], 'off'>;

function bulkheadShare(bulkhead: BulkheadConfig, count: number, part: Part): BulkheadConfig {
  const pool = (whole: BulkheadConfig['normal']): BulkheadConfig['normal'] => {
    const size = whole.size === 0 ? 0 : Math.max(1, part(whole.size));
    return whole.maxQueue === undefined ? { ...whole, size } : { ...whole, size, maxQueue: part(whole.maxQueue) };
  };
  const { normal, slow, heartbeat, quarantine } = bulkhead;
  return {
    normal: pool(normal),
    slow: pool(slow),
    heartbeat: pool(heartbeat),
    quarantine: quarantine === 'off' ? quarantine : rulesShare(quarantine, count),
  };
}

function serviceShare(service: ServiceConfig, count: number): ServiceConfig {
  const connectionsPerProvider = Math.ceil(service.connectionsPerProvider / count);
  const methods = Object.fromEntries(
    Object.entries(service.methods).map(([name, method]) => [name, withRulesShare(method, count)]),
  );
  return { ...withRulesShare(service, count), connectionsPerProvider, methods };
}

function withRulesShare<Level extends { readonly quarantine?: QuarantineOverride }>(
  level: Level,
  count: number,
): Level {
  const { quarantine } = level;
  if (quarantine === undefined || quarantine === 'off') return level;
  return { ...level, quarantine: rulesShare(quarantine, count) };
}

/** Rules, or what a service or method has of its own of them. */
function rulesShare<Rules extends { readonly timeouts?: number | undefined; readonly minCalls?: number | undefined }>(
  rules: Rules,
  count: number,
): Rules {
  const { timeouts, minCalls } = rules;
  return {
    ...rules,
    ...(timeouts !== undefined && { timeouts: callsShare(timeouts, count) }),
    ...(minCalls !== undefined && { minCalls: callsShare(minCalls, count) }),
  };
}

function callsShare(calls: number, count: number): number {
  return Math.max(Math.ceil(calls / count), Math.min(calls, LEAST_CALLS));
}

function routeShare(route: RouteConfig, oneAtLeast: Part): RouteConfig {
  const { mirror } = route;
  if (mirror === undefined) return route;
  return { ...route, mirror: { ...mirror, maxInFlight: oneAtLeast(mirror.maxInFlight) } };
}
