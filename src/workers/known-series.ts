import type { GatewayConfig } from '../config/schema.ts';
import { labelText } from '../telemetry/metrics/label-text.ts';

/** Values of labels that stand for no name, such as `_OTHER`, begin so. */
const SPECIAL = '_';

/** Says of the labels of a series, as text, whether they name only routes and services of the configuration. */
export function knownSeries({ routes, services }: GatewayConfig): (labels: string) => boolean {
  const routeLabels = new Set(routes.map(({ id }) => labelOf('route', id)));
  const serviceLabels = new Set(Object.keys(services).map((name) => labelOf('service', name)));
  return (labels) => isKnown(labels, ROUTE_LABEL, routeLabels) && isKnown(labels, SERVICE_LABEL, serviceLabels);
}

/** One label at the start of the text or behind a comma; quotes in values are escaped. */
const ROUTE_LABEL = /(?:^|,)(?<label>route="(?<value>(?:[^"\\]|\\.)*)")/;
const SERVICE_LABEL = /(?:^|,)(?<label>service="(?<value>(?:[^"\\]|\\.)*)")/;

function isKnown(labels: string, pattern: RegExp, known: ReadonlySet<string>): boolean {
  const { label, value } = pattern.exec(labels)?.groups ?? {};
  return label === undefined || value!.startsWith(SPECIAL) || known.has(label);
}

function labelOf(name: string, value: string): string {
  return labelText('', [name], { [name]: value });
}
