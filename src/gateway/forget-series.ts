import type { HttpMetrics, RouteMetrics } from '../http/http-metrics.ts';
import type { Steps } from '../time/run-in-slices.ts';
import type { HedgeOutcome } from '../upstream/hedged-call.ts';
import type { OutcomeCounters } from '../upstream/outcome-metrics.ts';
import type { RpcCallMetrics, RpcMetrics } from '../upstream/rpc-metrics.ts';
import type { Generation } from './generation.ts';

/**
 * Takes the series out of the metrics of routes and methods that no generation has any more, a few routes at a step. To
 * be run while no further generation is built, since its series would be taken out too.
 *
 * @param live all generations that have requests, or will have them
 * @param httpMetrics undefined where nobody counts, like `rpcMetrics`
 */
export function* forgetSeriesSteps(
  live: readonly Generation[],
  httpMetrics: HttpMetrics | undefined,
  rpcMetrics: RpcMetrics | undefined,
): Steps<void> {
  if (httpMetrics !== undefined) httpMetrics.keepOnly(yield* routesOf(live, httpMetrics));
  if (rpcMetrics !== undefined) yield* forgetCallsSteps(live, rpcMetrics);
}

function* routesOf(live: readonly Generation[], metrics: HttpMetrics): Steps<Set<RouteMetrics>> {
  const routes = new Set<RouteMetrics>();
  for (const { compiled } of live) {
    for (const { target } of compiled) {
      routes.add(metrics.route(target.id));
      yield;
    }
  }
  return routes;
}

function* forgetCallsSteps(live: readonly Generation[], metrics: RpcMetrics): Steps<void> {
  const methods = new Set<RpcCallMetrics>();
  const hedges = new Set<OutcomeCounters<'service' | 'method', HedgeOutcome>>();
  const sides = new Set<OutcomeCounters<'route' | 'side'>>();
  const mirrors = new Set<OutcomeCounters<'route'>>();
  for (const { compiled } of live) {
    for (const { description } of compiled) {
      const route = description.config.id;
      for (const { call, service, side } of description.sides) {
        const { service: name, method } = call;
        methods.add(metrics.method(name, method));
        if (service.methods[method]?.hedge !== undefined) hedges.add(metrics.hedges.of({ service: name, method }));
        if (side !== undefined) sides.add(metrics.sides.of({ route, side }));
      }
      if (description.mirror !== undefined) mirrors.add(metrics.mirrors.of({ route }));
      yield;
    }
  }
  metrics.keepOnly(methods);
  metrics.hedges.keepOnly(hedges);
  metrics.sides.keepOnly(sides);
  metrics.mirrors.keepOnly(mirrors);
}
