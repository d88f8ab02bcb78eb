import type { GatewayConfigInput } from '../../../src/config/schema.ts';

type RouteInput = NonNullable<GatewayConfigInput['routes']>[number];
type MethodInput = NonNullable<NonNullable<GatewayConfigInput['services']>[string]['methods']>[string];

/** One route of a test with the method that it calls. */
export interface CallRoute {
  /** The route takes POST where an argument is read from the body, else GET. */
  readonly path: string;
  /** Key under `services`. */
  readonly service: string;
  /** Java name. */
  readonly method: string;
  readonly parameters?: readonly string[];
  /** Default: none. */
  readonly args?: NonNullable<RouteInput['call']>['args'];
  readonly call?: Partial<NonNullable<RouteInput['call']>>;
  readonly route?: Partial<RouteInput>;
  readonly settings?: MethodInput;
}

/** A configuration with these routes; each gets a method entry of its own. */
export function configWithRoutes(base: GatewayConfigInput, routes: readonly CallRoute[]): GatewayConfigInput {
  const services = Object.fromEntries(
    Object.entries(base.services ?? {}).map(([key, service]) => [key, { ...service, methods: methodsOf(key, routes) }]),
  );
  return { ...base, services, routes: routes.map(routeOf) };
}

function methodsOf(service: string, routes: readonly CallRoute[]): Record<string, MethodInput> {
  const methods: Record<string, MethodInput> = {};
  for (const [index, route] of routes.entries()) {
    if (route.service !== service) continue;
    methods[methodKey(index)] = { name: route.method, parameters: [...(route.parameters ?? [])], ...route.settings };
  }
  return methods;
}

function routeOf(route: CallRoute, index: number): RouteInput {
  const { path, service, args = [] } = route;
  return {
    id: `route-${index}`,
    match: { method: JSON.stringify(args).includes('"body') ? 'POST' : 'GET', path },
    call: { service, method: methodKey(index), args, ...route.call },
    ...route.route,
  };
}

function methodKey(index: number): string {
  return `method-${index}`;
}
