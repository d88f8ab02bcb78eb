import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { parseArgument } from '../config/argument-source.ts';
import type { GatewayConfig, MethodConfig, RouteConfig, ServiceConfig } from '../config/schema.ts';
import { FRAME_HEADER_BYTES } from '../dubbo/frame-header.ts';
import { HessianWriter } from '../hessian/hessian-writer.ts';
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
import { Route } from '../upstream/route.ts';
import type { RpcMetrics } from '../upstream/rpc-metrics.ts';
import { compileSelectionHint } from '../upstream/selection-hint.ts';
import type { ServiceProviders } from '../upstream/service-providers.ts';
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
}

/** What a route calls, for people: `sluice explain` and `sluice routes` show it. */
export interface RouteDescription {
  readonly config: RouteConfig;
  readonly service: ServiceConfig;
  readonly methodName: string;
  readonly methodKey: string;
  readonly timeoutMs: number;
  readonly arguments: readonly { readonly source: string; readonly type: string }[];
}

/** A route as it is served; a route that does not change is the same one in the next generation. */
export class CompiledRoute {
  readonly route: Route;
  readonly description: RouteDescription;
  readonly plan: ArgumentPlan;
  readonly #shapes: AnswerShapes;
  #users = 0;

  constructor(route: Route, description: RouteDescription, plan: ArgumentPlan, shapes: AnswerShapes) {
    this.route = route;
    this.description = description;
    this.plan = plan;
    this.#shapes = shapes;
  }

  /** One more generation serves it. */
  retain(): void {
    this.#users++;
  }

  /** A generation serves it no more; after the last one, what was learnt of its answers is forgotten. */
  release(): void {
    if (--this.#users <= 0) this.#shapes.forget();
  }
}

/** A writer for one frame at a time, with the frame limit of the configuration. */
export function createFrameWriter(config: GatewayConfig): HessianWriter {
  return new HessianWriter(new ByteWriter(16 * 1024, config.defaults.maxFrameBytes + FRAME_HEADER_BYTES));
}

/**
 * Compiles a route of a checked configuration. Throws `ArgumentPlanError` for arguments that no request can satisfy.
 */
export function compileRoute(config: RouteConfig, surroundings: RouteSurroundings): CompiledRoute {
  const { defaults, services, server } = surroundings.config;
  const { call } = config;
  const service = services[call.service]!;
  const method: MethodConfig = service.methods[call.method]!;
  const methodName = method.name ?? call.method;
  const types = method.parameters.map(parseJavaType);
  const parameterTypes = types.map(erasedTypeName);
  const plan = compileArguments(call.args.map(parseArgument), types, surroundings.classes, {
    allowedClasses: new Set(call.allowedClasses),
  });
  const attachmentSpecs = Object.entries(call.attachments).map(([name, source]) => ({
    name,
    spec: parseArgument(source),
  }));
  const attachments = attachmentSpecs.map(({ name, spec }) => ({ name, value: compileAttachment(spec) }));
  const key = keyOfMethod(service, call.method, method);
  const timeoutMs = config.timeoutMs ?? method.timeoutMs ?? service.timeoutMs ?? defaults.timeoutMs;
  const template = new InvokeTemplate(
    {
      interfaceName: service.interface,
      version: service.version,
      group: service.group,
      methodName,
      parameterTypes,
      generic: service.generic,
      oneway: method.oneway,
      timeoutMs,
      application: defaults.application,
      token: service.token,
    },
    plan,
    attachments,
  );
  const shapes = new AnswerShapes(surroundings.shapes);
  const route = new Route({
    id: config.id,
    methodKey: key,
    readsBody: plan.readsBody || attachmentSpecs.some(({ spec }) => readsBody(spec)),
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
    hint: compileSelectionHint(call, service.balancer ?? defaults.balancer),
    retries: method.retries ?? service.retries ?? defaults.retries,
    isIdempotent: method.idempotent,
    gate: surroundings.bulkheads?.gate(key),
    metrics: surroundings.rpcMetrics?.method(call.service, call.method),
    writer: surroundings.writer,
    decoder: surroundings.decoder,
    clock: surroundings.clock,
  });
  const description = { config, service, methodName, methodKey: key, timeoutMs, arguments: plan.describe() };
  return new CompiledRoute(route, description, plan, shapes);
}
