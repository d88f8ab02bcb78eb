import { ByteWriter } from '../bytes/byte-writer.ts';
import { type ConfigPath, formatConfigPath } from '../config/diagnostic.ts';
import { sidesOf } from '../config/route-calls.ts';
import type { GatewayConfig, RouteConfig } from '../config/schema.ts';
import { FRAME_HEADER_BYTES } from '../dubbo/frame-header.ts';
import { HessianWriter } from '../hessian/hessian-writer.ts';
import type { ArgumentPlan } from '../transcoder/arguments/argument-plan.ts';
import { ArgumentPlanError } from '../transcoder/arguments/argument-plan-error.ts';
import type { RouteTarget } from '../upstream/exchange.ts';
import { Mirror } from '../upstream/mirror.ts';
import { MirroredRoute } from '../upstream/mirrored-route.ts';
import type { Route } from '../upstream/route.ts';
import { SideChoice } from '../upstream/side-choice.ts';
import { SplitRoute } from '../upstream/split-route.ts';
import { type CallDescription, type CompiledCall, compileCall, type RouteSurroundings } from './compile-call.ts';

/**
 * A route for people: `sluice explain` and `sluice routes` show it. What it says of a call is that of the first side.
 */
export interface RouteDescription extends CallDescription {
  readonly config: RouteConfig;
  /** All calls of which each request makes one: one where the route is not split. */
  readonly sides: readonly CallDescription[];
  /** The call that some requests make as well; its weight is their share. */
  readonly mirror: CallDescription | undefined;
}

/** What a route consists of, compiled. */
export interface CompiledRouteParts {
  readonly config: RouteConfig;
  readonly target: RouteTarget;
  readonly sides: readonly CompiledCall[];
  readonly choice: SideChoice | undefined;
  readonly mirror: CompiledCall | undefined;
}

/** A route as it is served; a route that does not change is the same one in the next generation. */
export class CompiledRoute {
  /** What serves its requests. */
  readonly target: RouteTarget;
  /** The calls of which each request makes one, at least one. */
  readonly sides: readonly CompiledCall[];
  /** Which side a request goes to; undefined where there is one only. */
  readonly choice: SideChoice | undefined;
  readonly description: RouteDescription;
  readonly #calls: readonly CompiledCall[];
  #users = 0;

  constructor({ config, target, sides, choice, mirror }: CompiledRouteParts) {
    this.target = target;
    this.sides = sides;
    this.choice = choice;
    this.#calls = mirror === undefined ? sides : [...sides, mirror];
    this.description = {
      ...sides[0]!.description,
      config,
      sides: sides.map(({ description }) => description),
      mirror: mirror?.description,
    };
  }

  /** The call of the first side. */
  get route(): Route {
    return this.sides[0]!.route;
  }

  /** The arguments of the first side. */
  get plan(): ArgumentPlan {
    return this.sides[0]!.plan;
  }

  /** One more generation serves it. */
  retain(): void {
    this.#users++;
  }

  /** A generation serves it no more; after the last one, what was learnt of its answers is forgotten. */
  release(): void {
    if (--this.#users > 0) return;
    for (const { shapes } of this.#calls) shapes.forget();
  }
}

/** A part of a route that can never work, whatever the request. */
export class RouteCompileError extends Error {
  /** Where it stands below the route, such as `call.args[0]`. */
  readonly place: string;

  constructor(path: ConfigPath, { message, argumentIndex }: ArgumentPlanError) {
    super(message);
    this.name = 'RouteCompileError';
    this.place = formatConfigPath(argumentIndex === undefined ? path : [...path, 'args', argumentIndex]);
  }
}

/** A writer for one frame at a time, with the frame limit of the configuration. */
export function createFrameWriter(config: GatewayConfig): HessianWriter {
  return new HessianWriter(new ByteWriter(16 * 1024, config.defaults.maxFrameBytes + FRAME_HEADER_BYTES));
}

/** Compiles a route of a checked configuration. Throws `RouteCompileError`. */
export function compileRoute(config: RouteConfig, surroundings: RouteSurroundings): CompiledRoute {
  const sides = sidesOf(config).map((side) => {
    return atPlace(side.path, () => compileCall(config, side, surroundings));
  });
  const choice =
    config.split === undefined ? undefined : atPlace(['stickyOn'], () => new SideChoice(config, Math.random));
  const target =
    choice === undefined
      ? sides[0]!.route
      : new SplitRoute(
          sides.map(({ route }) => route),
          choice,
        );
  if (config.mirror === undefined) return new CompiledRoute({ config, target, sides, choice, mirror: undefined });
  const { share, call, maxInFlight } = config.mirror;
  const metrics = surroundings.rpcMetrics?.mirrors.of({ route: config.id });
  const mirror = atPlace(['mirror', 'call'], () => {
    return compileCall(config, { call, name: undefined, weight: share }, surroundings, { metrics });
  });
  const { route } = mirror;
  const sender = new Mirror({ route, maxInFlight, metrics });
  const mirrored = new MirroredRoute(target, sender, route.readsBody, share, Math.random);
  return new CompiledRoute({ config, target: mirrored, sides, choice, mirror });
}

function atPlace<T>(path: ConfigPath, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    throw error instanceof ArgumentPlanError ? new RouteCompileError(path, error) : error;
  }
}
