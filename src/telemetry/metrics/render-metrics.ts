import { counterBaseName, type MetricDefinition } from './metric-definition.ts';
import type { MetricsFormat } from './metrics-format.ts';
import { nextTurn } from './next-turn.ts';

/** A metric as it is rendered. */
export interface RenderedFamily {
  readonly definition: MetricDefinition;
  /** Each text has all lines of one series. */
  series(format: MetricsFormat): Iterable<string> | Promise<Iterable<string>>;
}

/** A slice ends with the series that brings it to this many UTF-16 units: about a millisecond of work. */
const SLICE_LENGTH = 128 * 1024;

/**
 * All metrics as text in UTF-8, in slices: between two of them the event loop serves requests, so thousands of series
 * delay none of them by more than a few milliseconds. Each series is read when it is written, and is consistent in
 * itself. Several renderings may run at a time.
 *
 * Sources: Prometheus text format 0.0.4; OpenMetrics 1.0.0.
 *
 * @param pause awaited between two slices; default until the next turn of the event loop
 */
export async function* renderMetrics(
  { families }: { readonly families: readonly RenderedFamily[] },
  format: MetricsFormat,
  pause: () => Promise<void> = nextTurn,
): AsyncGenerator<Buffer, void, undefined> {
  let text = '';
  for (const family of [...families]) {
    text += headerLines(family.definition, format);
    for (const lines of await family.series(format)) {
      text += lines;
      if (text.length < SLICE_LENGTH) continue;
      yield Buffer.from(text);
      text = '';
      await pause();
    }
  }
  yield Buffer.from(format === 'openmetrics' ? `${text}# EOF\n` : text);
}

function headerLines({ kind, name, help }: MetricDefinition, format: MetricsFormat): string {
  const isOpenMetrics = format === 'openmetrics';
  const family = isOpenMetrics && kind === 'counter' ? counterBaseName(name) : name;
  return `# HELP ${family} ${escapeHelp(help, isOpenMetrics)}\n# TYPE ${family} ${kind}\n`;
}

/** The older format leaves quotes in help texts as they are. */
function escapeHelp(help: string, isOpenMetrics: boolean): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return isOpenMetrics ? escaped.replaceAll('"', '\\"') : escaped;
}
