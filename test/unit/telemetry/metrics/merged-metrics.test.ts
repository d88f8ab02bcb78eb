import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EndedTotals } from '../../../../src/telemetry/metrics/ended-totals.ts';
import { mergedMetrics } from '../../../../src/telemetry/metrics/merged-metrics.ts';
import type { Aggregation } from '../../../../src/telemetry/metrics/metric-definition.ts';
import { metricPages } from '../../../../src/telemetry/metrics/metric-pages.ts';
import { MetricRegistry } from '../../../../src/telemetry/metrics/metric-registry.ts';
import { nextTurn } from '../../../../src/telemetry/metrics/next-turn.ts';
import { renderMetrics } from '../../../../src/telemetry/metrics/render-metrics.ts';
import { runAtOnce } from '../../../../src/time/run-in-slices.ts';
import { cpuMs } from '../../../support/fastest-ms.ts';
import { parseExposition, sampleValue } from './exposition-parser.ts';
import { partsOf, sourcesOf } from './metric-sources.ts';

const SERIES = 10_000;
const MAX_SLICE_MS = 10;
const BUCKETS = [0.01, 0.1, 1];

/** A counter, a gauge and a histogram by route, and what was declared beside them. */
class Counting {
  readonly registry = new MetricRegistry();
  readonly requests = this.registry.counter({ name: 'sluice_r_total', help: 'Requests.', labels: ['route'] });
  readonly waiting = this.registry.gauge({ name: 'sluice_waiting', help: 'Waiting.', labels: ['route'] });
  readonly seconds = this.registry.histogram({
    name: 'sluice_wait_seconds',
    help: 'Waits.',
    labels: ['route'],
    buckets: BUCKETS,
  });

  count({ route, kind, value }: Event): void {
    if (kind === 'request') this.requests.with({ route }).add(value);
    else if (kind === 'wait') this.waiting.with({ route }).add(value);
    else this.seconds.with({ route }).observe(value / 8);
  }
}

interface Event {
  readonly worker: number;
  readonly route: string;
  readonly kind: 'request' | 'wait' | 'time';
  readonly value: number;
}

const events = fc.array(
  fc.record({
    worker: fc.nat({ max: 3 }),
    route: fc.constantFrom('a', 'b', 'with "quotes"', 'c,d="e"'),
    kind: fc.constantFrom('request', 'wait', 'time'),
    value: fc.nat({ max: 100 }),
  }),
);

async function textOf(source: Parameters<typeof renderMetrics>[0], format: 'text' | 'openmetrics' = 'text') {
  let text = '';
  for await (const slice of renderMetrics(source, format, () => Promise.resolve())) text += slice.toString();
  return text;
}

/** The lines of samples, in an order of their own. */
function samplesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .sort();
}

function gaugeOf(value: number, aggregation?: Aggregation): MetricRegistry {
  const registry = new MetricRegistry();
  registry
    .gauge({ name: 'sluice_level', help: 'Level.', labels: ['of'], ...(aggregation && { aggregation }) })
    .with({ of: 'x' })
    .set(value);
  return registry;
}

describe('mergedMetrics()', () => {
  it('has what one process would have that had counted all', async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.integer({ min: 1, max: 60 }), async (all, pageValues) => {
        const alone = new Counting();
        const workers = [0, 1, 2, 3].map(() => new Counting());
        for (const event of all) {
          alone.count(event);
          workers[event.worker]!.count(event);
        }
        const sources = await sourcesOf(
          workers.map(({ registry }) => registry),
          pageValues,
        );
        for (const format of ['text', 'openmetrics'] as const) {
          const merged = await textOf(mergedMetrics(sources), format);
          parseExposition(merged, format);
          assert.deepEqual(samplesOf(merged), samplesOf(await textOf(alone.registry, format)));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('adds gauges up, takes the most or the least, or keeps them apart', async () => {
    const levelOf = async (aggregation: Aggregation | undefined, labels: Record<string, string>) => {
      const sources = await sourcesOf([gaugeOf(3, aggregation), gaugeOf(-1, aggregation), gaugeOf(2, aggregation)]);
      return sampleValue(parseExposition(await textOf(mergedMetrics(sources)), 'text'), 'sluice_level', labels);
    };
    assert.equal(await levelOf(undefined, { of: 'x' }), 4);
    assert.equal(await levelOf('sum', { of: 'x' }), 4);
    assert.equal(await levelOf('max', { of: 'x' }), 3);
    assert.equal(await levelOf('min', { of: 'x' }), -1);
    assert.equal(await levelOf('worker', { of: 'x', worker: '2' }), -1);
    assert.equal(await levelOf('worker', { of: 'x', worker: '3' }), 2);
  });

  it('keeps an exception from the rule of its metric, and takes no other series for it', async () => {
    const registryOf = (usable: number, odd: number, ejected: number) => {
      const registry = new MetricRegistry();
      const gauge = registry.gauge({
        name: 'sluice_providers',
        help: 'Providers.',
        labels: ['service', 'state'],
        aggregation: 'max',
        exception: { label: 'state', value: 'usable', aggregation: 'min' },
      });
      gauge.with({ service: 's', state: 'usable' }).set(usable);
      gauge.with({ service: 'x,state="usable"', state: 'ejected' }).set(odd);
      gauge.with({ service: 's', state: 'ejected' }).set(ejected);
      return registry;
    };
    const sources = await sourcesOf([registryOf(4, 1, 0), registryOf(2, 5, 2)]);
    const families = parseExposition(await textOf(mergedMetrics(sources)), 'text');
    const levelOf = (service: string, state: string) => sampleValue(families, 'sluice_providers', { service, state });
    assert.deepEqual(
      [levelOf('s', 'usable'), levelOf('s', 'ejected'), levelOf('x,state="usable"', 'ejected')],
      [2, 2, 5],
    );
  });

  it('labels a metric without labels by its worker where it is kept apart', async () => {
    const registries = [7, 8].map((value) => {
      const registry = new MetricRegistry();
      const options = { name: 'process_cpu_seconds_total', help: 'CPU.', aggregation: 'worker' } as const;
      registry.callback('counter', options, () => value);
      return registry;
    });
    const families = parseExposition(await textOf(mergedMetrics(await sourcesOf(registries))), 'text');
    assert.equal(sampleValue(families, 'process_cpu_seconds_total', { worker: '1' }), 7);
    assert.equal(sampleValue(families, 'process_cpu_seconds_total', { worker: '2' }), 8);
  });

  it('shows metrics without series, and those that one process alone has', async () => {
    const [one, other] = [new MetricRegistry(), new MetricRegistry()];
    one.counter({ name: 'sluice_none_total', help: 'None.', labels: ['x'] });
    other.counter({ name: 'sluice_own_total', help: 'Own.' }).with({}).add(2);
    const families = parseExposition(await textOf(mergedMetrics(await sourcesOf([one, other]))), 'text');
    assert.deepEqual(families.get('sluice_none_total')?.samples, []);
    assert.equal(sampleValue(families, 'sluice_own_total'), 2);
  });

  it('leaves out a histogram whose buckets are not those of the first process', async () => {
    const registries = [[1], [1, 2]].map((buckets) => {
      const registry = new MetricRegistry();
      registry.histogram({ name: 'sluice_h_seconds', help: 'H.', buckets }).with({}).observe(0.5);
      return registry;
    });
    const families = parseExposition(await textOf(mergedMetrics(await sourcesOf(registries))), 'text');
    assert.equal(sampleValue(families, 'sluice_h_seconds_count'), 1);
  });

  it('takes a few ms at a time for ten thousand series of four processes', async () => {
    const registries = [1, 2, 3, 4].map(() => {
      const { registry, seconds } = new Counting();
      for (let index = 0; index < SERIES; index++) seconds.with({ route: `route-${index}` }).observe(0.05);
      return registry;
    });
    const sources = await sourcesOf(registries);
    let fastestRun = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 4; run++) fastestRun = Math.min(fastestRun, await longestTurn(sources));
    assert.ok(fastestRun < MAX_SLICE_MS, `a turn took ${fastestRun} ms`);
  });
});

/** The longest time in ms of CPU between two turns of the event loop. */
async function longestTurn(sources: Parameters<typeof mergedMetrics>[0]): Promise<number> {
  let longest = 0;
  let start = cpuMs();
  const pause = async () => {
    longest = Math.max(longest, cpuMs() - start);
    await nextTurn();
    start = cpuMs();
  };
  for await (const _slice of renderMetrics(mergedMetrics(sources, pause), 'text', pause))
    longest = Math.max(longest, 0);
  return Math.max(longest, cpuMs() - start);
}

describe('metricPages()', () => {
  it('takes a few ms at a time for ten thousand series', async () => {
    const { registry, seconds } = new Counting();
    for (let index = 0; index < SERIES; index++) seconds.with({ route: `route-${index}` }).observe(0.05);
    let fastestRun = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 4; run++) {
      let longest = 0;
      let start = cpuMs();

      for await (const _page of metricPages(registry)) {
        longest = Math.max(longest, cpuMs() - start);
        start = cpuMs();
      }
      fastestRun = Math.min(fastestRun, longest);
    }
    assert.ok(fastestRun < MAX_SLICE_MS, `a page took ${fastestRun} ms`);
  });
});

describe('EndedTotals', () => {
  it('keeps sums from shrinking when a process ends, and lets its gauges go', async () => {
    const [ended, running] = [new Counting(), new Counting()];
    for (const counting of [ended, running]) {
      counting.requests.with({ route: 'a' }).add(5);
      counting.waiting.with({ route: 'a' }).set(2);
      counting.seconds.with({ route: 'a' }).observe(0.05);
    }
    const totals = new EndedTotals();
    runAtOnce(totals.add(await partsOf(ended.registry)));
    runAtOnce(totals.add(await partsOf(ended.registry)));
    const sources = [{ worker: '', parts: totals.parts }, ...(await sourcesOf([running.registry]))];
    const families = parseExposition(await textOf(mergedMetrics(sources)), 'text');
    assert.equal(sampleValue(families, 'sluice_r_total', { route: 'a' }), 15);
    assert.equal(sampleValue(families, 'sluice_waiting', { route: 'a' }), 2);
    assert.equal(sampleValue(families, 'sluice_wait_seconds_count', { route: 'a' }), 3);
    assert.equal(sampleValue(families, 'sluice_wait_seconds_bucket', { route: 'a', le: '0.1' }), 3);
  });

  it('forgets series that nobody asks for any more', async () => {
    const counting = new Counting();
    for (const route of ['a', 'b']) counting.requests.with({ route }).add(1);
    const totals = new EndedTotals();
    runAtOnce(totals.add(await partsOf(counting.registry)));
    runAtOnce(totals.keepOnly((labels) => labels === 'route="b"'));
    const part = totals.parts.find(({ definition }) => definition.name === 'sluice_r_total');
    assert.deepEqual(part?.labels, ['route="b"']);
  });

  it('never has more series than the metric may have, and loses no count', async () => {
    const totals = new EndedTotals();
    for (let process = 0; process < 5; process++) {
      const registry = new MetricRegistry();
      const family = registry.counter({ name: 'sluice_few_total', help: 'Few.', labels: ['x'], maxSeries: 3 });
      for (const x of ['a', `only-${process}`]) family.with({ x }).add(1);
      runAtOnce(totals.add(await partsOf(registry)));
    }
    const part = totals.parts.find(({ definition }) => definition.name === 'sluice_few_total')!;
    assert.deepEqual(part.labels, ['x="a"', 'x="only-0"', 'x="only-1"', 'x="_OTHER"']);
    assert.deepEqual([...part.values], [5, 1, 1, 3]);
  });
});
