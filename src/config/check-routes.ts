import { checkAnswer } from './check-answer.ts';
import { type CallContext, checkCall } from './check-call.ts';
import { checkMatch, matchKeys } from './check-match.ts';
import { checkSplit } from './check-split.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import { sidesOf } from './route-calls.ts';
import type { RouteConfig } from './schema.ts';

/** What the checks of routes need to know of the rest of the configuration. */
export type RouteContext = Omit<CallContext, 'match' | 'pattern'>;

/** Checks all routes, alone and against each other; undefined stands for one that could not be read. */
export function checkRoutes(
  routes: readonly (RouteConfig | undefined)[],
  context: RouteContext,
  reporter: Reporter,
): void {
  const firstById = new Map<string, number>();
  const firstByMatch = new Map<string, number>();

  function checkId(id: string, path: ConfigPath): void {
    if (context.isBroken(path)) return;
    const other = firstById.get(id);
    if (other === undefined) firstById.set(id, Number(path[1]));
    else {
      const where = reporter.where(['routes', other, 'id'], path);
      reporter.report(path, `id ${reporter.show(path)} is already used in ${where}`);
    }
  }

  for (const [index, route] of routes.entries()) {
    if (route === undefined) continue;
    const path = ['routes', index];
    checkId(route.id, [...path, 'id']);
    const matchPath = [...path, 'match'];
    const checked = checkMatch(route.match, matchPath, reporter);
    const pathPath = [...matchPath, 'path'];
    const isPathKnown = reporter.node(pathPath) !== undefined && !context.isBroken(pathPath);
    const pattern = isPathKnown ? checked : undefined;
    if (pattern !== undefined && !context.isBroken(matchPath)) {
      const twin = matchKeys(route.match, pattern).find((key) => firstByMatch.has(key));
      if (twin !== undefined) {
        const where = reporter.where(['routes', firstByMatch.get(twin)!, 'match'], matchPath);
        reporter.report(matchPath, `matches the same requests as the route in ${where}`, { atKey: true });
      }
      for (const key of matchKeys(route.match, pattern)) if (!firstByMatch.has(key)) firstByMatch.set(key, index);
    }
    const callContext = { ...context, match: route.match, pattern };
    checkSplit(route, path, callContext, reporter);
    const methods = sidesOf(route).map(({ call, path: below }) => {
      return checkCall(call, [...path, ...below], callContext, reporter);
    });
    if (route.mirror !== undefined) checkCall(route.mirror.call, [...path, 'mirror', 'call'], callContext, reporter);
    checkAnswer(route, path, methods, reporter);
  }
}
