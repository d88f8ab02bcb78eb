import { HTTP_TOKEN } from './check-match.ts';
import { checkText, type SourceContext } from './check-source.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import { sidesOf } from './route-calls.ts';
import type { RouteConfig } from './schema.ts';

/** Checks that a route has exactly one of `call` and `split`, and what belongs to a split; not the calls themselves. */
export function checkSplit(route: RouteConfig, path: ConfigPath, context: SourceContext, reporter: Reporter): void {
  const isWritten = (key: string) => reporter.node([...path, key]) !== undefined;
  if (isWritten('call') && isWritten('split')) {
    const where = reporter.where([...path, 'call'], [...path, 'split']);
    const message = `a route has one call or a split, not both: "call" stands in ${where}; make it a side of the split`;
    reporter.report([...path, 'split'], message, { atKey: true });
  } else if (!isWritten('call') && !isWritten('split')) {
    reporter.report(path, 'a route needs the key "call", or "split" for several calls');
  }
  for (const key of ['stickyOn', 'splitOverride'] as const) {
    if (route[key] === undefined || isWritten('split')) continue;
    reporter.report([...path, key], `"${key}" needs a "split": there is nothing to choose from`, { atKey: true });
  }
  if (route.stickyOn !== undefined) {
    checkText(route.stickyOn, [...path, 'stickyOn'], 'what keeps a request on its side', context, reporter);
  }
  checkOverride(route.splitOverride, [...path, 'splitOverride'], reporter);
  if (route.split !== undefined) checkSides(route, [...path, 'split'], reporter);
}

function checkOverride(override: RouteConfig['splitOverride'], path: ConfigPath, reporter: Reporter): void {
  if (override === undefined) return;
  const named = (['header', 'cookie'] as const).filter((kind) => reporter.node([...path, kind]) !== undefined);
  if (named.length === 0) {
    reporter.report(path, 'expected the name of a header or a cookie, such as { header: x-canary }', { atKey: true });
  }
  for (const kind of named) {
    const name = override[kind];
    if (name === undefined || HTTP_TOKEN.test(name)) continue;
    const at = [...path, kind];
    reporter.report(at, `${reporter.show(at)} cannot be the name of a ${kind}`);
  }
}

function checkSides(route: RouteConfig, path: ConfigPath, reporter: Reporter): void {
  const sides = sidesOf({ ...route, call: undefined });
  const first = new Map<string, number>();
  for (const [index, { name }] of sides.entries()) {
    const other = first.get(name!);
    if (other === undefined) first.set(name!, index);
    else {
      const at = [...path, index, 'name'];
      const where = reporter.where([...path, other], at);
      reporter.report(at, `the side in ${where} is named "${name}" as well`);
    }
  }
  if (sides.length === 0) return;
  if (sides.every(({ weight }) => weight === 0)) {
    reporter.report(path, 'all sides have the weight 0: one at least must take requests', { atKey: true });
    return;
  }
  if (route.splitOverride !== undefined) return;
  for (const [index, { weight }] of sides.entries()) {
    if (weight > 0) continue;
    const message = 'the side takes no request: give it a weight, or let requests ask for it by splitOverride';
    reporter.report([...path, index, 'weight'], message, { severity: 'warning' });
  }
}
