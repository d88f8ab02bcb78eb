import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MetricError } from '../../../../src/telemetry/metrics/metric-definition.ts';
import { MetricRegistry } from '../../../../src/telemetry/metrics/metric-registry.ts';
import { sampleValue } from './exposition-parser.ts';
import { parsedMetrics, renderedLines } from './rendered-text.ts';

const help = 'Help.';

describe('MetricRegistry', () => {
  it('writes a counter, whose family OpenMetrics names without its suffix', async () => {
    const registry = new MetricRegistry();
    const family = registry.counter({
      name: 'sluice_calls_total',
      help: 'Calls "sent".\nAll.',
      labels: ['route', 'method'],
    });
    family.with({ route: 'get-user', method: 'GET' }).add(2);
    family.with({ method: 'POST', route: 'b' }).add(0.5);
    const samples = [
      'sluice_calls_total{route="get-user",method="GET"} 2',
      'sluice_calls_total{route="b",method="POST"} 0.5',
    ];
    assert.deepEqual(await renderedLines(registry, 'sluice_calls_total'), [
      '# HELP sluice_calls_total Calls "sent".\\nAll.',
      '# TYPE sluice_calls_total counter',
      ...samples,
    ]);
    assert.deepEqual(await renderedLines(registry, 'sluice_calls', 'openmetrics'), [
      '# HELP sluice_calls Calls \\"sent\\".\\nAll.',
      '# TYPE sluice_calls counter',
      ...samples,
    ]);
  });

  it('writes a gauge, also of what is no number', async () => {
    const registry = new MetricRegistry();
    const family = registry.gauge({ name: 'sluice_level', help, labels: ['of'] });
    family.with({ of: 'a' }).set(Number.NaN);
    family.with({ of: 'b' }).set(Number.NEGATIVE_INFINITY);
    family.with({ of: 'c' }).set(1e-9);
    family.with({ of: 'd' }).add(-3);
    assert.deepEqual(await renderedLines(registry, 'sluice_level'), [
      '# HELP sluice_level Help.',
      '# TYPE sluice_level gauge',
      'sluice_level{of="a"} NaN',
      'sluice_level{of="b"} -Inf',
      'sluice_level{of="c"} 1e-9',
      'sluice_level{of="d"} -3',
    ]);
  });

  it('writes a histogram with cumulative buckets, bounds included', async () => {
    const registry = new MetricRegistry();
    const family = registry.histogram({ name: 'sluice_wait_seconds', help, labels: ['route'], buckets: [0.005, 1] });
    const histogram = family.with({ route: 'a' });
    for (const seconds of [0, 0.005, 0.0051, 1, 1.5]) histogram.observe(seconds);
    assert.deepEqual(await renderedLines(registry, 'sluice_wait_seconds'), [
      '# HELP sluice_wait_seconds Help.',
      '# TYPE sluice_wait_seconds histogram',
      'sluice_wait_seconds_bucket{route="a",le="0.005"} 2',
      'sluice_wait_seconds_bucket{route="a",le="1"} 4',
      'sluice_wait_seconds_bucket{route="a",le="+Inf"} 5',
      'sluice_wait_seconds_sum{route="a"} 2.5101',
      'sluice_wait_seconds_count{route="a"} 5',
    ]);
    const lines = await renderedLines(registry, 'sluice_wait_seconds', 'openmetrics');
    assert.equal(lines[3], 'sluice_wait_seconds_bucket{route="a",le="1.0"} 4');
    assert.equal(histogram.count, 5);
    assert.equal(histogram.sum, 2.5101);
  });

  it('has the one series of a metric without labels from the start', async () => {
    const registry = new MetricRegistry();
    registry.counter({ name: 'sluice_a_total', help });
    registry
      .histogram({ name: 'sluice_b_seconds', help, buckets: [1] })
      .with({})
      .observe(3);
    assert.equal((await renderedLines(registry, 'sluice_a_total')).at(-1), 'sluice_a_total 0');
    assert.deepEqual((await renderedLines(registry, 'sluice_b_seconds')).slice(2), [
      'sluice_b_seconds_bucket{le="1"} 0',
      'sluice_b_seconds_bucket{le="+Inf"} 1',
      'sluice_b_seconds_sum 3',
      'sluice_b_seconds_count 1',
    ]);
  });

  it('counts exactly beyond thousands of millions', async () => {
    const registry = new MetricRegistry();
    const counter = registry.counter({ name: 'sluice_a_total', help }).with({});
    counter.add(2 ** 53 - 2);
    counter.add(1);
    assert.equal((await renderedLines(registry, 'sluice_a_total')).at(-1), 'sluice_a_total 9007199254740991');
  });

  it('ignores amounts that would break a counter or a histogram', () => {
    const registry = new MetricRegistry();
    const counter = registry.counter({ name: 'sluice_a_total', help }).with({});
    const histogram = registry.histogram({ name: 'sluice_b_seconds', help, buckets: [1] }).with({});
    for (const amount of [-1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      counter.add(amount);
      histogram.observe(amount);
    }
    assert.equal(counter.value, 0);
    assert.equal(histogram.count, 0);
    assert.equal(histogram.sum, 0);
  });

  it('gives the same series for the same labels', () => {
    const family = new MetricRegistry().counter({ name: 'sluice_a_total', help, labels: ['x', 'y'] });
    const counter = family.with({ x: '1', y: '2' });
    assert.equal(family.with({ y: '2', x: '1' }), counter);
    assert.notEqual(family.with({ x: '2', y: '1' }), counter);
    assert.notEqual(family.with({ x: '1",y="2', y: '' }), family.with({ x: '1', y: '2",y="' }));
    assert.equal(family.size, 4);
  });

  it('brings every label value back out of the text', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('', '\\', '\\n', '"', '\n', '\\"', '"} 1\n# EOF\n', 'a,b="c"', '\u2028', 'ä\u{1f600}'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ a: value, b: value }), { maxLength: 8 }), async (labelSets) => {
        const registry = new MetricRegistry();
        const family = registry.gauge({ name: 'sluice_level', help, labels: ['a', 'b'] });
        const expected = new Map<string, number>();
        for (const [index, labels] of labelSets.entries()) {
          family.with(labels).set(index);
          expected.set(JSON.stringify([readable(labels.a), readable(labels.b)]), index);
        }
        const { samples } = (await parsedMetrics(registry)).get('sluice_level')!;
        const found = new Map(samples.map((sample) => [JSON.stringify([...sample.labels.values()]), sample.value]));
        assert.deepEqual(found, expected);
      }),
    );
  });

  it('cuts long label values and replaces what is no text', async () => {
    const registry = new MetricRegistry();
    const family = registry.gauge({ name: 'sluice_level', help, labels: ['x'] });
    family.with({ x: `${'x'.repeat(511)}\u{1f600}` }).set(1);
    family.with({ x: '\0\r\u007f\u0085\t\ud800' }).set(2);
    const [long, odd] = (await parsedMetrics(registry)).get('sluice_level')!.samples;
    assert.equal(long!.labels.get('x'), `${'x'.repeat(511)}\ufffd`);
    assert.equal(odd!.labels.get('x'), '\ufffd\ufffd\ufffd\ufffd\t\ufffd');
  });

  it('says which label has no value', () => {
    const family = new MetricRegistry().counter({ name: 'sluice_a_total', help, labels: ['route'] });
    const labels: Record<string, string> = { rout: 'x' };
    assert.throws(() => family.with(labels as { route: string }), /"sluice_a_total": label "route" has no value/);
  });
});

describe('the bound on series', () => {
  it('counts all that come too late in one series, and how often that happened', async () => {
    const registry = new MetricRegistry({ maxSeries: 2 });
    const family = registry.counter({ name: 'sluice_a_total', help, labels: ['x', 'y'] });
    for (let i = 0; i < 100; i++) family.with({ x: `${i}`, y: '' }).add(1);
    family.with({ x: '0', y: '' }).add(1);
    family.with({ x: '_OTHER', y: '_OTHER' }).add(1);
    assert.equal(family.size, 3);
    const metrics = await parsedMetrics(registry);
    assert.equal(metrics.get('sluice_a_total')!.samples.length, 3);
    assert.equal(sampleValue(metrics, 'sluice_a_total', { x: '0', y: '' }), 2);
    assert.equal(sampleValue(metrics, 'sluice_a_total', { x: '_OTHER', y: '_OTHER' }), 99);
    assert.equal(sampleValue(metrics, 'sluice_metrics_dropped_series_total', { metric: 'sluice_a_total' }), 99);
  });

  it('makes room when a series is removed; a handle that is still held does no harm', async () => {
    const registry = new MetricRegistry();
    const family = registry.gauge({ name: 'sluice_level', help, labels: ['x'], maxSeries: 1 });
    const removed = family.with({ x: 'a' });
    removed.set(1);
    const shared = family.with({ x: 'b' });
    assert.equal(family.remove({ x: 'b' }), false);
    assert.equal(family.remove({ x: 'a' }), true);
    assert.equal(family.remove({ x: 'a' }), false);
    removed.set(2);
    assert.notEqual(family.with({ x: 'c' }), shared);
    assert.equal(family.with({ x: 'd' }), shared);
    const metrics = await parsedMetrics(registry);
    assert.deepEqual(
      metrics.get('sluice_level')!.samples.map(({ labels }) => labels.get('x')),
      ['c', '_OTHER'],
    );
  });

  it('keeps the series of a metric without labels', () => {
    assert.throws(() => new MetricRegistry().gauge({ name: 'sluice_level', help }).remove({}), MetricError);
  });
});

describe('declaring a metric', () => {
  const bad: [what: string, declare: (registry: MetricRegistry) => void, message: RegExp][] = [
    ['a name with a dash', (r) => r.gauge({ name: 'sluice_a-b', help }), /lower-case words with underscores/],
    ['a name in capitals', (r) => r.gauge({ name: 'sluice_inFlight', help }), /lower-case words/],
    ['a foreign prefix', (r) => r.gauge({ name: 'http_requests', help }), /starting with sluice_/],
    ['a counter without _total', (r) => r.counter({ name: 'sluice_calls', help }), /ends with _total/],
    ['a gauge with _total', (r) => r.gauge({ name: 'sluice_calls_total', help }), /may not end with _total/],
    [
      'a histogram with _count',
      (r) => r.histogram({ name: 'sluice_count', help, buckets: [1] }),
      /not end with _count/,
    ],
    ['a scaled unit', (r) => r.gauge({ name: 'sluice_wait_ms', help }), /ms is no base unit/],
    ['no help', (r) => r.gauge({ name: 'sluice_a', help: ' ' }), /help text is missing/],
    ['a bad label', (r) => r.gauge({ name: 'sluice_a', help, labels: ['a-b'] }), /"a-b" is no acceptable label/],
    ['an inner label', (r) => r.gauge({ name: 'sluice_a', help, labels: ['__a'] }), /no acceptable label/],
    [
      'the label le',
      (r) => r.histogram({ name: 'sluice_a', help, labels: ['le'], buckets: [1] }),
      /no acceptable label/,
    ],
    ['a label twice', (r) => r.gauge({ name: 'sluice_a', help, labels: ['a', 'b', 'a'] }), /"a" stands twice/],
    ['no room', (r) => r.gauge({ name: 'sluice_a', help, labels: ['a'], maxSeries: 0 }), /maxSeries must be/],
    ['no bucket', (r) => r.histogram({ name: 'sluice_a', help, buckets: [] }), /1 to 64 buckets/],
    ['an endless bucket', (r) => r.histogram({ name: 'sluice_a', help, buckets: [1, Infinity] }), /not finite/],
    ['falling buckets', (r) => r.histogram({ name: 'sluice_a', help, buckets: [1, 1] }), /bucket 1 is not above 1/],
  ];
  for (const [what, declare, message] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(() => declare(new MetricRegistry()), { name: 'MetricError', message });
    });
  }

  it('refuses a name that is taken, also where only samples would clash', () => {
    const registry = new MetricRegistry();
    registry.histogram({ name: 'sluice_wait', help, buckets: [1] });
    registry.gauge({ name: 'sluice_level', help });
    assert.throws(() => registry.gauge({ name: 'sluice_wait', help }), /sluice_wait is taken by sluice_wait/);
    assert.throws(() => registry.counter({ name: 'sluice_wait_total', help }), /sluice_wait is taken/);
    assert.throws(() => registry.callback('gauge', { name: 'sluice_level', help }, () => 1), /is taken/);
    registry.counter({ name: 'sluice_waits_total', help });
    assert.throws(() => registry.gauge({ name: 'sluice_waits', help }), /sluice_waits is taken by sluice_waits_total/);
  });
});

/** A label value as it can be read back: control characters and half surrogates are replaced. */
function readable(value: string): string {
  const text = Buffer.from(value).toString();
  return Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    const isControl = code < 0x20 || (code > 0x7e && code < 0xa0);
    return isControl && character !== '\n' && character !== '\t' ? '\ufffd' : character;
  }).join('');
}
