import type { Shape } from './check-shape.ts';
import { sidesOf } from './route-calls.ts';
import type { MethodConfig, ServiceConfig } from './schema.ts';

/** How long calls of a method may take by the routes that call it, of which each can have a time-out of its own. */
export class CallTimeouts {
  readonly #shape: Shape;
  /** The longest time-out that a route sets, by service and method. */
  readonly #longest = new Map<string, number>();
  /** Methods with a route that sets none. */
  readonly #inherited = new Set<string>();
  readonly #areRoutesKnown: boolean;

  constructor(shape: Shape) {
    this.#shape = shape;
    this.#areRoutesKnown = shape.routes.every((route, index) => {
      return route !== undefined && sidesOf(route).length > 0 && shape.isKnown(['routes', index, 'timeoutMs']);
    });
    for (const route of shape.routes) {
      if (route === undefined) continue;
      for (const { call } of sidesOf(route)) {
        const method = keyOf(call.service, call.method);
        if (route.timeoutMs === undefined) this.#inherited.add(method);
        else this.#longest.set(method, Math.max(route.timeoutMs, this.#longest.get(method) ?? 0));
      }
    }
  }

  /** Whether every call of a method ends before this time in ms; false where that is not known for sure. */
  areBelow(ms: number, key: string, service: ServiceConfig, methodKey: string, method: MethodConfig): boolean {
    const { defaults } = this.#shape;
    if (!this.#areRoutesKnown || defaults === undefined || !this.#areKnown(key, methodKey)) return false;
    const name = keyOf(key, methodKey);
    const routed = this.#longest.get(name);
    if (routed !== undefined && routed >= ms) return false;
    const isInherited = routed === undefined || this.#inherited.has(name);
    return !isInherited || (method.timeoutMs ?? service.timeoutMs ?? defaults.timeoutMs) < ms;
  }

  #areKnown(key: string, methodKey: string): boolean {
    const ofService = ['services', key];
    const levels = [['defaults'], ofService, [...ofService, 'methods', methodKey]];
    return levels.every((level) => this.#shape.isKnown([...level, 'timeoutMs']));
  }
}

function keyOf(service: string, method: string): string {
  return JSON.stringify([service, method]);
}
