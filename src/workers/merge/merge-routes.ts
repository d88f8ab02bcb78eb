import type { RoutesAnswer } from '../../admin/answers/inventory-answers.ts';
import type { GatewayConfig } from '../../config/schema.ts';

/**
 * The routes as one worker has them, which are the same in all.
 *
 * @param quarantined keys of the methods that any worker has in quarantine
 * @param masked the configuration that is served, with what nobody may see masked: workers mask nothing
 */
export function mergeRoutes(
  { routes }: RoutesAnswer,
  quarantined: ReadonlySet<string>,
  masked: GatewayConfig,
): RoutesAnswer {
  const matches = new Map(masked.routes.map(({ id, match }) => [id, match]));
  return {
    // A worker that has a newer configuration than is known here has routes that cannot be shown yet.
    routes: routes.flatMap((route) => {
      const match = matches.get(route.id);
      if (match === undefined) return [];
      const { method, path, host, headers, query, cookie } = match;
      const pool = route.pool !== null && quarantined.has(route.method) ? 'slow' : route.pool;
      return { ...route, match: { method, path, host: host ?? null, headers, query, cookie }, pool };
    }),
  };
}
