import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import { ConfigError } from '../config/config-error.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { GatewayConfig, RouteConfig } from '../config/schema.ts';
import { createGatewayRoutes, type GatewayRoutes } from '../http/gateway-routes.ts';
import { AnswerDecoder } from '../invocation/answer-decoder.ts';
import { createClassTypes, parseClassHead } from '../java/class-types.ts';
import { StaticProviders } from '../registry/static-providers.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import type { Clock } from '../time/clock.ts';
import { ArgumentPlanError } from '../transcoder/arguments/argument-plan-error.ts';
import { ClassPlans } from '../transcoder/class-plan.ts';
import { type PlanStatistics, planStatistics } from '../transcoder/plan-statistics.ts';
import { ShapeBudget } from '../transcoder/shape-budget.ts';
import type { RpcMetrics } from '../upstream/rpc-metrics.ts';
import { ServiceProviders } from '../upstream/service-providers.ts';
import { type CompiledRoute, compileRoute, createFrameWriter } from './compile-route.ts';

/** What all generations of a gateway share. */
export interface SharedParts {
  readonly client: RpcClient;
  readonly clock: Clock;
  /** Undefined where calls are not bounded. */
  readonly bulkheads: Bulkheads | undefined;
  /** Undefined where nobody counts. */
  readonly rpcMetrics?: RpcMetrics | undefined;
}

/** All parts built from one configuration. */
export interface Generation {
  readonly config: GatewayConfig;
  readonly routes: GatewayRoutes;
  readonly compiled: readonly CompiledRoute[];
  /** What was learnt of answers. */
  planStatistics(): PlanStatistics;
  /** Compiles a further route against the same services and types; it is not served. */
  compile(route: RouteConfig): CompiledRoute;
  /** Gives back what is shared with other generations: the channels to providers. */
  release(): void;
}

/**
 * Builds a generation from a checked configuration; opens no connection. Throws `ConfigError` for what only shows when
 * arguments are compiled, with every such problem in it.
 */
export function buildGeneration(config: GatewayConfig, parts: SharedParts): Generation {
  const { client } = parts;
  const plans = new ClassPlans(new Set(Object.keys(config.types).map((head) => parseClassHead(head).name)));
  const shapes = new ShapeBudget();
  const providers = new Map<string, ServiceProviders>();
  const release = () => {
    for (const list of providers.values()) list.release();
  };
  try {
    for (const [key, service] of Object.entries(config.services)) {
      const list = new StaticProviders(service.providers);
      providers.set(key, new ServiceProviders(list, client, service.connectionsPerProvider));
    }
    const surroundings = {
      config,
      classes: createClassTypes(config.types),
      providers,
      writer: createFrameWriter(config),
      decoder: new AnswerDecoder(plans),
      shapes,
      clock: parts.clock,
      bulkheads: parts.bulkheads,
      rpcMetrics: parts.rpcMetrics,
    };
    const compile = (route: RouteConfig) => compileRoute(route, surroundings);
    const compiled = compileAll(config, compile);
    const entries = compiled.map(({ route, description }) => ({ match: description.config.match, target: route }));
    return {
      config,
      routes: createGatewayRoutes(config, entries),
      compiled,
      planStatistics: () => planStatistics(plans, shapes),
      compile,
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}

function compileAll(config: GatewayConfig, compile: (route: RouteConfig) => CompiledRoute): CompiledRoute[] {
  const compiled: CompiledRoute[] = [];
  const problems: Diagnostic[] = [];
  for (const [index, route] of config.routes.entries()) {
    try {
      compiled.push(compile(route));
    } catch (error) {
      if (!(error instanceof ArgumentPlanError)) throw error;
      const argument = error.argumentIndex === undefined ? '' : `.args[${error.argumentIndex}]`;
      const path = `routes[${index}].call${argument}`;
      problems.push({ severity: 'error', file: '', line: 0, column: 0, path, message: error.message });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return compiled;
}
