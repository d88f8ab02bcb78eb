import { CallTimeouts } from './call-timeouts.ts';
import type { Shape } from './check-shape.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import type { MethodConfig } from './schema.ts';
import { figureText } from './written-figure.ts';

/** Checks hedges: only calls that may be run twice and have an answer can be hedged, and only before their time is over. */
export function checkHedge(shape: Shape, reporter: Reporter): void {
  const timeouts = new CallTimeouts(shape);
  for (const [key, service] of shape.services) {
    if (service === undefined) continue;
    for (const [methodKey, method] of Object.entries(service.methods)) {
      if (method.hedge === undefined) continue;
      const methodPath = ['services', key, 'methods', methodKey];
      const at = [...methodPath, 'hedge'];
      if (!checkMethod(method, methodPath, at, shape, reporter)) continue;
      const { afterMs } = method.hedge;
      // A call that takes exactly that long has timed out as well.
      if (typeof afterMs !== 'number' || !timeouts.areBelow(afterMs + 1, key, service, methodKey, method)) continue;
      const path = [...at, 'afterMs'];
      const message = `every call has timed out by then: no call is ever made again after ${figureText(path, afterMs, reporter)} ms`;
      reporter.report(path, message);
    }
  }
}

/** Says whether calls of the method can be hedged, as far as is known. */
function checkMethod(
  { idempotent, oneway }: MethodConfig,
  methodPath: ConfigPath,
  at: ConfigPath,
  shape: Shape,
  reporter: Reporter,
): boolean {
  if (oneway) {
    reporter.report(at, 'a call that is `oneway` has no answer to wait for: leave one of both keys out');
    return false;
  }
  if (idempotent || !shape.isKnown([...methodPath, 'idempotent'])) return true;
  const message = 'a hedge runs a call twice: set `idempotent: true` if that does no harm, or leave "hedge" out';
  reporter.report(at, message, { atKey: true });
  return false;
}
