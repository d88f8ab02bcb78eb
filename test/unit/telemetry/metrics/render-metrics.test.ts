import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DURATION_BUCKETS_SECONDS } from '../../../../src/telemetry/metrics/histogram-buckets.ts';
import { type HistogramFamily, MetricRegistry } from '../../../../src/telemetry/metrics/metric-registry.ts';
import { nextTurn } from '../../../../src/telemetry/metrics/next-turn.ts';
import { renderMetrics } from '../../../../src/telemetry/metrics/render-metrics.ts';
import { cpuMs } from '../../../support/fastest-ms.ts';
import { parseExposition } from './exposition-parser.ts';

const SERIES = 3_000;
/** Far below the 20 ms for which requests may have to wait. */
const MAX_SLICE_MS = 10;

describe('renderMetrics()', () => {
  it('gives few series at a time and lets the event loop turn in between', async () => {
    const { registry } = manySeries();
    let turns = 0;
    const pause = async (): Promise<void> => {
      turns++;
    };
    const slices: string[] = [];
    for await (const slice of renderMetrics(registry, 'text', pause)) slices.push(slice.toString());
    assert.equal(turns, slices.length - 1);
    for (const slice of slices) {
      const series = slice.match(/_count\{/g)?.length ?? 0;
      assert.ok(series <= 200, `${series} histograms in one slice`);
      assert.ok(slice.length < 140 * 1024, `${slice.length} characters in one slice`);
    }
    const families = parseExposition(slices.join(''), 'text');
    assert.equal(families.get('sluice_wait_seconds')!.samples.length, SERIES * (DURATION_BUCKETS_SECONDS.length + 3));
  });

  it('takes a few ms of CPU time at most for a slice of 3,000 histograms', async () => {
    const { registry } = manySeries();
    const fastest: number[] = [];
    for (let run = 0; run < 4; run++) {
      const rendering = renderMetrics(registry, 'openmetrics', () => Promise.resolve());
      for (let index = 0; ; index++) {
        const start = cpuMs();
        const { done } = await rendering.next();
        fastest[index] = Math.min(fastest[index] ?? Number.POSITIVE_INFINITY, cpuMs() - start);
        if (done) break;
      }
    }
    assert.ok(Math.max(...fastest) < MAX_SLICE_MS, `a slice took ${Math.max(...fastest)} ms`);
  });

  it('serves what waits between two slices', async () => {
    const { registry } = manySeries();
    let served = 0;
    let isRendering = true;
    const serve = (): void => {
      served++;
      if (isRendering) setImmediate(serve);
    };
    setImmediate(serve);
    let slices = 0;
    for await (const _slice of renderMetrics(registry, 'text')) slices++;
    isRendering = false;
    assert.ok(served >= slices - 1, `${served} turns for ${slices} slices`);
  });

  it('is consistent in each series while all of them change, for two readers at once', async () => {
    const { registry, family } = manySeries();
    let turn = 0;
    const pause = async (): Promise<void> => {
      turn++;
      for (let i = 0; i < SERIES; i++) family.with({ route: routeName(i) }).observe(0.002 * turn);
      family.remove({ route: routeName(turn) });
      family.with({ route: routeName(turn) }).observe(1);
      family.with({ route: `late-${turn}` }).observe(1);
      await nextTurn();
    };
    const [first, second] = await Promise.all([wholeText(registry, pause), wholeText(registry, pause)]);
    // The parser refuses series that stand twice and histograms whose buckets, sum and count do not fit.
    for (const text of [first!, second!]) {
      const { samples } = parseExposition(text, 'openmetrics').get('sluice_wait_seconds')!;
      assert.ok(samples.length >= SERIES * (DURATION_BUCKETS_SECONDS.length + 3));
    }
    assert.ok(turn > 20);
  });

  it('ends cleanly when the reader goes away in the middle', async () => {
    const { registry } = manySeries();
    let slices = 0;
    for await (const _slice of renderMetrics(registry, 'text')) {
      slices++;
      if (slices === 2) break;
    }
    assert.equal(slices, 2);
    assert.match(await wholeText(registry), /# EOF\n$/);
  });

  it('writes a metric that has no series yet as its header', async () => {
    const registry = new MetricRegistry();
    registry.counter({ name: 'sluice_calls_total', help: 'Calls.', labels: ['route'] });
    assert.deepEqual(parseExposition(await wholeText(registry), 'openmetrics').get('sluice_calls')!.samples, []);
  });
});

function manySeries(): { registry: MetricRegistry; family: HistogramFamily<'route'> } {
  const registry = new MetricRegistry();
  const family = registry.histogram({
    name: 'sluice_wait_seconds',
    help: 'Time waited.',
    labels: ['route'],
    buckets: DURATION_BUCKETS_SECONDS,
  });
  for (let i = 0; i < SERIES; i++) family.with({ route: routeName(i) }).observe(i / 1000);
  return { registry, family };
}

function routeName(index: number): string {
  return `get-user-${index}`;
}

async function wholeText(registry: MetricRegistry, pause?: () => Promise<void>): Promise<string> {
  const slices: Buffer[] = [];
  for await (const slice of renderMetrics(registry, 'openmetrics', pause)) slices.push(slice);
  return Buffer.concat(slices).toString();
}
