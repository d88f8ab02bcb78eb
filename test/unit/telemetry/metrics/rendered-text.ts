import type { MetricRegistry } from '../../../../src/telemetry/metrics/metric-registry.ts';
import type { MetricsFormat } from '../../../../src/telemetry/metrics/metrics-format.ts';
import { renderMetrics } from '../../../../src/telemetry/metrics/render-metrics.ts';
import { type ParsedFamily, parseExposition } from './exposition-parser.ts';

const noPause = (): Promise<void> => Promise.resolve();

/** The whole text of a registry. */
export async function renderedText(registry: MetricRegistry, format: MetricsFormat = 'text'): Promise<string> {
  const slices: Buffer[] = [];
  for await (const slice of renderMetrics(registry, format, noPause)) slices.push(slice);
  return Buffer.concat(slices).toString();
}

/** The lines of one metric, its header included; `name` is the family's name in that format. */
export async function renderedLines(
  registry: MetricRegistry,
  name: string,
  format: MetricsFormat = 'text',
): Promise<string[]> {
  const text = await renderedText(registry, format);
  parseExposition(text, format);
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`# HELP ${name} `));
  const next = lines.findIndex((line, index) => index > first + 1 && (line.startsWith('# HELP ') || line === '# EOF'));
  return lines.slice(first, next === -1 ? -1 : next);
}

/** The metrics as a strict reader sees them, in both formats. */
export async function parsedMetrics(registry: MetricRegistry): Promise<Map<string, ParsedFamily>> {
  parseExposition(await renderedText(registry, 'openmetrics'), 'openmetrics');
  return parseExposition(await renderedText(registry, 'text'), 'text');
}
