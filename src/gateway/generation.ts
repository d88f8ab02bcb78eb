import { isDeepStrictEqual } from 'node:util';
import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import { ConfigError } from '../config/config-error.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import { callsOf } from '../config/route-calls.ts';
import type { GatewayConfig, RouteConfig } from '../config/schema.ts';
import { type GatewayRoutes, gatewayRoutesSteps } from '../http/gateway-routes.ts';
import { AnswerDecoder } from '../invocation/answer-decoder.ts';
import { createClassTypes, parseClassHead } from '../java/class-types.ts';
import { runAtOnce, type Steps } from '../time/run-in-slices.ts';
import { ClassPlans } from '../transcoder/class-plan.ts';
import { type PlanStatistics, planStatistics } from '../transcoder/plan-statistics.ts';
import { ShapeBudget } from '../transcoder/shape-budget.ts';
import type { HedgeTimer } from '../upstream/hedge-timer.ts';
import type { RpcMetrics } from '../upstream/rpc-metrics.ts';
import type { ServiceProviders } from '../upstream/service-providers.ts';
import type { RouteSurroundings } from './compile-call.ts';
import { type CompiledRoute, compileRoute, createFrameWriter, RouteCompileError } from './compile-route.ts';
import { openProviders, type ProviderParts, providerSettings } from './open-providers.ts';

/** What all generations of a gateway share. */
export interface SharedParts extends ProviderParts {
  /** Undefined where calls are not bounded. */
  readonly bulkheads: Bulkheads | undefined;
  /** Undefined where nobody counts. */
  readonly rpcMetrics?: RpcMetrics | undefined;
  readonly hedgeTimer: HedgeTimer;
}

/** Builds a generation from a checked configuration, at once. See {@link generationSteps}. */
export function buildGeneration(config: GatewayConfig, parts: SharedParts, previous?: Generation): Generation {
  return runAtOnce(generationSteps(config, parts, previous));
}

/**
 * Builds a generation from a checked configuration, one route at a step; opens no connection. What is equal in the
 * generation before is taken over as it is: the providers of services, the routes with what they learnt, the plans of
 * classes. Throws `ConfigError` for what only shows when arguments are compiled, with every such problem in it; nothing
 * is held then.
 */
export function* generationSteps(config: GatewayConfig, parts: SharedParts, previous?: Generation): Steps<Generation> {
  const providers = new Map<string, ServiceProviders>();
  const compiled: CompiledRoute[] = [];
  const release = (): void => {
    for (const list of providers.values()) list.release();
    for (const route of compiled) route.release();
  };
  try {
    const sameServices = yield* takeProviders(config, parts, previous, providers);
    const surroundings = surroundingsOf(config, parts, previous, providers);
    yield* compileRoutes(surroundings, new Reuse(surroundings, previous, sameServices), compiled);
    const entries = compiled.map(({ target, description }) => ({ match: description.config.match, target }));
    return new Generation(surroundings, yield* gatewayRoutesSteps(config, entries), compiled, release);
  } catch (error) {
    release();
    throw error;
  }
}

/** All parts built from one configuration. */
export class Generation {
  readonly config: GatewayConfig;
  readonly routes: GatewayRoutes;
  readonly compiled: readonly CompiledRoute[];
  readonly surroundings: RouteSurroundings;
  readonly #release: () => void;

  constructor(
    surroundings: RouteSurroundings,
    routes: GatewayRoutes,
    compiled: readonly CompiledRoute[],
    release: () => void,
  ) {
    this.config = surroundings.config;
    this.surroundings = surroundings;
    this.routes = routes;
    this.compiled = compiled;
    this.#release = release;
  }

  /** What was learnt of answers. */
  planStatistics(): PlanStatistics {
    return planStatistics(this.surroundings.plans, this.surroundings.shapes);
  }

  /** Compiles a further route against the same services and types; it is not served. */
  compile(route: RouteConfig): CompiledRoute {
    return compileRoute(route, this.surroundings);
  }

  /** Gives back what is shared with other generations. To be called once, when its last request has ended. */
  release(): void {
    this.#release();
  }
}

/** The providers of all services. Returns the names of those of which nothing has changed. */
function* takeProviders(
  config: GatewayConfig,
  parts: SharedParts,
  previous: Generation | undefined,
  providers: Map<string, ServiceProviders>,
): Steps<ReadonlySet<string>> {
  const same = new Set<string>();
  for (const [name, service] of Object.entries(config.services)) {
    const before = previous?.surroundings.providers.get(name);
    const serviceBefore = previous?.config.services[name];
    const isSame =
      before !== undefined &&
      serviceBefore !== undefined &&
      isDeepStrictEqual(providerSettings(previous!.config, serviceBefore), providerSettings(config, service));
    if (isSame) {
      before.retain();
      providers.set(name, before);
      if (isDeepStrictEqual(serviceBefore, service)) same.add(name);
    } else {
      providers.set(name, openProviders(config, service, parts));
    }
    yield;
  }
  return same;
}

function surroundingsOf(
  config: GatewayConfig,
  parts: SharedParts,
  previous: Generation | undefined,
  providers: ReadonlyMap<string, ServiceProviders>,
): RouteSurroundings {
  const { clock, bulkheads, rpcMetrics, hedgeTimer } = parts;
  const own = { config, providers, clock, bulkheads, rpcMetrics, hedgeTimer };
  if (previous !== undefined && isDeepStrictEqual(previous.config.types, config.types)) {
    const { classes, plans, decoder, shapes, writer } = previous.surroundings;
    const isSameFrame = previous.config.defaults.maxFrameBytes === config.defaults.maxFrameBytes;
    return { ...own, classes, plans, decoder, shapes, writer: isSameFrame ? writer : createFrameWriter(config) };
  }
  const plans = new ClassPlans(new Set(Object.keys(config.types).map((head) => parseClassHead(head).name)));
  return {
    ...own,
    classes: createClassTypes(config.types),
    plans,
    decoder: new AnswerDecoder(plans),
    shapes: new ShapeBudget(),
    writer: createFrameWriter(config),
  };
}

function* compileRoutes(surroundings: RouteSurroundings, reuse: Reuse, compiled: CompiledRoute[]): Steps<void> {
  const problems: Diagnostic[] = [];
  for (const [index, config] of surroundings.config.routes.entries()) {
    try {
      const route = reuse.find(config) ?? compileRoute(config, surroundings);
      route.retain();
      compiled.push(route);
    } catch (error) {
      if (!(error instanceof RouteCompileError)) throw error;
      const path = `routes[${index}].${error.place}`;
      problems.push({ severity: 'error', file: '', line: 0, column: 0, path, message: error.message });
    }
    yield;
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

/** The routes of the generation before that another one can take over as they are. */
class Reuse {
  readonly #sameServices: ReadonlySet<string>;
  readonly #routes = new Map<string, CompiledRoute>();

  constructor(surroundings: RouteSurroundings, previous: Generation | undefined, sameServices: ReadonlySet<string>) {
    this.#sameServices = sameServices;
    if (previous === undefined || !compilesAlike(surroundings, previous.surroundings)) return;
    for (const route of previous.compiled) this.#routes.set(route.target.id, route);
  }

  find(config: RouteConfig): CompiledRoute | undefined {
    const route = this.#routes.get(config.id);
    if (route === undefined || !callsOf(config).every(({ service }) => this.#sameServices.has(service)))
      return undefined;
    return isDeepStrictEqual(route.description.config, config) ? route : undefined;
  }
}

/** Whether equal routes of equal services compile to the same. */
function compilesAlike(one: RouteSurroundings, other: RouteSurroundings): boolean {
  return (
    one.shapes === other.shapes &&
    one.writer === other.writer &&
    one.bulkheads === other.bulkheads &&
    isDeepStrictEqual(one.config.defaults, other.config.defaults) &&
    one.config.server.limits.maxBodyBytes === other.config.server.limits.maxBodyBytes
  );
}
