import { deepStrictEqual } from 'node:assert/strict';
import KoaRouter from '@koa/router';
import { routeSchema } from '../../src/config/schema.ts';
import type { ConditionView } from '../../src/routing/conditions.ts';
import { createRouter, type RoutingEntry } from '../../src/routing/router.ts';
import type { MicroCase, MicroPair } from './micro-case.ts';

/** The four paths of a service with the paths that ask for them. */
const SHAPES: readonly (readonly [pattern: string, path: string])[] = [
  ['', ''],
  ['/:id', '/9000000042'],
  ['/:id/prices', '/9000000042/prices'],
  ['/:id/prices/:currency', '/9000000042/prices/CHF'],
];
const LOOKUPS = 16;

const VIEW: ConditionView = {
  host: 'api.example.com',
  header: () => undefined,
  query: () => undefined,
  cookie: () => undefined,
};

/** From a method and a path to a route and its path parameters. */
export function routingCases(): MicroCase[] {
  return [10, 1_000, 10_000].map((count) => ({
    name: `micro/routes-${count}`,
    prepare: () => routingPair(count),
  }));
}

function routingPair(count: number): MicroPair {
  const routes = Array.from({ length: count }, (_, index) => routeOf(index));
  const router = createRouter(routes.map(({ pattern }, index) => entryOf(pattern, index)));
  const koaRouter = new KoaRouter();
  for (const { pattern } of routes) koaRouter.get(pattern, nothing);
  const paths = Array.from({ length: LOOKUPS }, (_, index) => routes[(index * 7 + 3 * count) % count]!.path);

  const find = (path: string) => {
    const match = router.find('GET', path, VIEW);
    if (match.kind !== 'found') throw new Error(`no route for ${path}`);
    return match;
  };
  const findByKoa = (path: string) => {
    const layer = koaRouter.match(path, 'GET').pathAndMethod[0];
    if (layer === undefined) throw new Error(`no route for ${path}`);
    return { layer, parameters: layer.params(path, layer.captures(path)) };
  };
  return {
    summary: `${count} routes of ${Math.ceil(count / SHAPES.length)} services; ${LOOKUPS} paths in turn`,
    timesPerRun: LOOKUPS,
    ours: () => {
      let sum = 0;
      for (const path of paths) {
        const { target, parameters } = find(path);
        sum += target + (parameters.get('id')?.length ?? 0);
      }
      return sum;
    },
    baselineName: '@koa/router: match and parameters',
    baseline: () => {
      let sum = 0;
      for (const path of paths) sum += findByKoa(path).parameters.id?.length ?? 1;
      return sum;
    },
    check: () => {
      for (const path of paths) {
        const { target, parameters } = find(path);
        const { layer, parameters: theirs } = findByKoa(path);
        const names = Object.keys(theirs);
        deepStrictEqual(routes[target]!.pattern, layer.path);
        deepStrictEqual(Object.fromEntries(names.map((name) => [name, parameters.get(name)])), { ...theirs });
      }
    },
  };
}

function routeOf(index: number) {
  const [pattern, path] = SHAPES[index % SHAPES.length]!;
  const service = `/api/service-${Math.floor(index / SHAPES.length)}/products`;
  return { pattern: service + pattern, path: service + path };
}

function entryOf(path: string, index: number): RoutingEntry<number> {
  const { match } = routeSchema.parse({
    id: `route-${index}`,
    match: { path },
    call: { service: 'service', method: 'method' },
  });
  return { match, target: index };
}

function nothing(): void {}
