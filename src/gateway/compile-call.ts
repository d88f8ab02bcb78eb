import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import { parseArgument } from '../config/argument-source.ts';
import type { RouteSide } from '../config/route-calls.ts';
import type { CallConfig, GatewayConfig, MethodConfig, RouteConfig, ServiceConfig } from '../config/schema.ts';
import type { HessianWriter } from '../hessian/hessian-writer.ts';
import type { AnswerDecoder } from '../invocation/answer-decoder.ts';
import { ErrorMapping } from '../invocation/error-mapping.ts';
import { InvokeTemplate } from '../invocation/invoke-template.ts';
import type { ClassTypes } from '../java/class-types.ts';
import { erasedTypeName, parseJavaType } from '../java/java-type.ts';
import type { Clock } from '../time/clock.ts';
import { AnswerShapes } from '../transcoder/answer-shapes.ts';
import { type ArgumentPlan, compileArguments, readsBody } from '../transcoder/arguments/argument-plan.ts';
import { compileAttachment } from '../transcoder/arguments/attachment-plan.ts';
import type { ClassPlans } from '../transcoder/class-plan.ts';
import { compileResponseOptions } from '../transcoder/response-options.ts';
import type { ShapeBudget } from '../transcoder/shape-budget.ts';
import { HedgeDelay } from '../upstream/hedge-delay.ts';
import type { HedgeTimer } from '../upstream/hedge-timer.ts';
import type { Hedging } from '../upstream/hedged-call.ts';
import { Route } from '../upstream/route.ts';
import type { CallMetrics } from '../upstream/route-call.ts';
import type { RpcMetrics } from '../upstream/rpc-metrics.ts';
import { compileSelectionHint, selectionSources } from '../upstream/selection-hint.ts';
import type { ServiceProviders } from '../upstream/service-providers.ts';
import { SideMetrics } from '../upstream/side-metrics.ts';
import { keyOfMethod } from './method-keys.ts';

/** What the routes of one generation share. */
export interface RouteSurroundings {
  readonly config: GatewayConfig;
  readonly classes: ClassTypes;
  readonly providers: ReadonlyMap<string, ServiceProviders>;
  readonly writer: HessianWriter;
  readonly plans: ClassPlans;
  readonly decoder: AnswerDecoder;
  readonly shapes: ShapeBudget;
  readonly clock: Clock;
  /** Undefined where calls are not bounded. */
  readonly bulkheads: Bulkheads | undefined;
  /** Undefined where nobody counts. */
  readonly rpcMetrics: RpcMetrics | undefined;
  /** The delays of calls that are hedged. */
  readonly hedgeTimer: HedgeTimer;
}

/** What a call is, for people. */
export interface CallDescription {
  /** Name of the side; undefined where the route is not split, and for a mirror. */
  readonly side: string | undefined;
  /** Its part of the requests beside the other sides, or for a mirror of all requests. */
  readonly weight: number;
  readonly call: CallConfig;
  readonly service: ServiceConfig;
  readonly methodName: string;
  readonly methodKey: string;
  readonly timeoutMs: number;
  readonly arguments: readonly { readonly source: string; readonly type: string }[];
}

/** A call that requests of a route can make, compiled. */
export interface CompiledCall {
  readonly route: Route;
  readonly description: CallDescription;
  readonly plan: ArgumentPlan;
  /** What was learnt of its answers. */
  readonly shapes: AnswerShapes;
}

/** How the calls of a mirror differ from those that somebody waits for. */
export interface MirrorRules {
  /** Undefined where nobody counts. */
  readonly metrics: CallMetrics | undefined;
}

/**
 * Compiles one call of a route of a checked configuration.
 *
 * @param mirror for the call of a mirror: it takes no slot of a pool, and is not tried again
 * @throws ArgumentPlanError for arguments that no request can satisfy
 */
export function compileCall(
  config: RouteConfig,
  { call, name, weight }: Omit<RouteSide, 'path'>,
  surroundings: RouteSurroundings,
  mirror?: MirrorRules,
): CompiledCall {
  const { bulkheads, rpcMetrics, classes, decoder, writer, clock } = surroundings;
  const { defaults, services, server } = surroundings.config;
  const service = services[call.service]!;
  const method: MethodConfig = service.methods[call.method]!;
  const methodName = method.name ?? call.method;
  const types = method.parameters.map(parseJavaType);
  const plan = compileArguments(call.args.map(parseArgument), types, classes, {
    allowedClasses: new Set(call.allowedClasses),
  });
  const attachments = Object.entries(call.attachments).map(([key, source]) => ({ key, spec: parseArgument(source) }));
  const methodKey = keyOfMethod(service, call.method, method);
  const timeoutMs = config.timeoutMs ?? method.timeoutMs ?? service.timeoutMs ?? defaults.timeoutMs;
  const template = new InvokeTemplate(
    {
      interfaceName: service.interface,
      version: service.version,
      group: service.group,
      methodName,
      parameterTypes: types.map(erasedTypeName),
      generic: service.generic,
      oneway: method.oneway,
      timeoutMs,
      application: defaults.application,
      token: service.token,
    },
    plan,
    attachments.map(({ key, spec }) => ({ name: key, value: compileAttachment(spec) })),
  );
  const balancer = service.balancer ?? defaults.balancer;
  const texts = [...attachments.map(({ spec }) => spec), ...selectionSources(call, balancer)];
  const shapes = new AnswerShapes(surroundings.shapes);
  const route = new Route({
    id: config.id,
    side: name,
    methodKey,
    readsBody: plan.readsBody || texts.some(readsBody),
    compresses: config.response.compress,
    maxBodyBytes: config.maxBodyBytes ?? server.limits.maxBodyBytes,
    timeoutMs,
    template,
    answerPlan: {
      options: compileResponseOptions(config.response),
      shapes,
      maxResponseBytes: config.maxResponseBytes ?? defaults.maxResponseBytes,
      errors: new ErrorMapping(config.errors),
      attachmentHeaders: Object.entries(config.response.attachments).map(([header, attachment]) => [
        header.toLowerCase(),
        attachment,
      ]),
    },
    providers: surroundings.providers.get(call.service)!,
    hint: compileSelectionHint(call, balancer),
    retries: mirror === undefined ? (method.retries ?? service.retries ?? defaults.retries) : 0,
    isIdempotent: method.idempotent,
    hedging: mirror === undefined ? hedgingOf(call, method, surroundings) : undefined,
    gate: mirror === undefined ? bulkheads?.gate(methodKey) : undefined,
    metrics: mirror === undefined ? callMetrics(config.id, { call, name }, rpcMetrics) : mirror.metrics,
    writer,
    decoder,
    clock,
  });
  const description = { side: name, weight, call, service, methodName, methodKey, timeoutMs };
  return { route, description: { ...description, arguments: plan.describe() }, plan, shapes };
}

/** A percentile is one of the calls of this route. */
function hedgingOf(
  { service, method: name }: CallConfig,
  { hedge, idempotent }: MethodConfig,
  { hedgeTimer, rpcMetrics }: RouteSurroundings,
): Hedging | undefined {
  if (hedge === undefined || !idempotent) return undefined;
  const counters = rpcMetrics?.hedges.of({ service, method: name });
  return { delay: new HedgeDelay(hedge.afterMs), timer: hedgeTimer, counters };
}

function callMetrics(
  route: string,
  { call, name }: Pick<RouteSide, 'call' | 'name'>,
  metrics: RpcMetrics | undefined,
): CallMetrics | undefined {
  const method = metrics?.method(call.service, call.method);
  if (method === undefined || name === undefined) return method;
  return new SideMetrics(method, metrics!.sides.of({ route, side: name }));
}
