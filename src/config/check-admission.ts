import type { Shape } from './check-shape.ts';
import { checkWaiting } from './check-waiting.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import { byteText, firstWritten, placedFigureText } from './written-figure.ts';

const BUDGET: ConfigPath = ['admission', 'maxInFlightBytes'];

/** Checks `admission`: that each body and each answer fits into the bytes that all have together, and the wait. */
export function checkAdmission(shape: Shape, reporter: Reporter): void {
  const { admission, server, defaults, routes } = shape;
  if (admission === undefined || admission === 'off') return;
  checkWaiting(admission, ['admission'], shape, reporter);
  const budget = admission.maxInFlightBytes;

  function checkFits(bytes: number | undefined, path: ConfigPath): void {
    if (bytes === undefined || bytes <= budget || !shape.isKnown(path) || !shape.isKnown(BUDGET)) return;
    const limit = placedFigureText(path, byteText(bytes), reporter);
    const total = placedFigureText(BUDGET, byteText(budget), reporter);
    const message = `${limit} is more than ${total}, which all requests have together; lower the one or raise the other`;
    reporter.report(firstWritten([path, BUDGET], reporter), message);
  }

  checkFits(server?.limits.maxBodyBytes, ['server', 'limits', 'maxBodyBytes']);
  checkFits(defaults?.maxResponseBytes, ['defaults', 'maxResponseBytes']);
  for (const [index, route] of routes.entries()) {
    checkFits(route?.maxBodyBytes, ['routes', index, 'maxBodyBytes']);
    checkFits(route?.maxResponseBytes, ['routes', index, 'maxResponseBytes']);
  }
}
