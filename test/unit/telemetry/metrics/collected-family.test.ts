import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Sample } from '../../../../src/telemetry/metrics/collected-family.ts';
import { MetricRegistry } from '../../../../src/telemetry/metrics/metric-registry.ts';
import { sampleValue } from './exposition-parser.ts';
import { parsedMetrics, renderedLines, renderedText } from './rendered-text.ts';

const ERRORS = 'sluice_metrics_collector_errors_total';
const DROPPED = 'sluice_metrics_dropped_series_total';
const pools = { name: 'sluice_bulkhead_active', help: 'Slots in use.', labels: ['pool'] as const };

describe('MetricRegistry.collect()', () => {
  it('reads the values anew for each rendering', async () => {
    const registry = new MetricRegistry();
    const active = new Map([['normal', 1]]);
    registry.collect('gauge', pools, function* () {
      for (const [pool, value] of active) yield { labels: { pool }, value };
    });
    const header = ['# HELP sluice_bulkhead_active Slots in use.', '# TYPE sluice_bulkhead_active gauge'];
    const first = [...header, 'sluice_bulkhead_active{pool="normal"} 1'];
    assert.deepEqual(await renderedLines(registry, 'sluice_bulkhead_active'), first);
    active.set('normal', 2).set('slow', 3);
    const second = [...header, 'sluice_bulkhead_active{pool="normal"} 2', 'sluice_bulkhead_active{pool="slow"} 3'];
    assert.deepEqual(await renderedLines(registry, 'sluice_bulkhead_active'), second);
  });

  it('takes one value without labels from a callback', async () => {
    const registry = new MetricRegistry();
    let seconds = 1.5;
    registry.callback('counter', { name: 'sluice_work_seconds_total', help: 'Work.' }, () => seconds);
    seconds = 2.5;
    assert.deepEqual(await renderedLines(registry, 'sluice_work_seconds', 'openmetrics'), [
      '# HELP sluice_work_seconds Work.',
      '# TYPE sluice_work_seconds counter',
      'sluice_work_seconds_total 2.5',
    ]);
  });

  it('waits for values that are read asynchronously', async () => {
    const registry = new MetricRegistry();
    registry.collect('gauge', pools, async () => [{ labels: { pool: 'slow' }, value: await Promise.resolve(7) }]);
    assert.equal(sampleValue(await parsedMetrics(registry), 'sluice_bulkhead_active', { pool: 'slow' }), 7);
  });

  it('writes a label set that comes twice once', async () => {
    const registry = new MetricRegistry();
    registry.collect('gauge', pools, () => [sample('a', 1), sample('b', 2), sample('a', 3)]);
    assert.equal(sampleValue(await parsedMetrics(registry), 'sluice_bulkhead_active', { pool: 'a' }), 1);
  });

  it('leaves out what is beyond the bound, and counts the rendering', async () => {
    const registry = new MetricRegistry();
    registry.collect('gauge', { ...pools, maxSeries: 10 }, function* () {
      for (let i = 0; ; i++) yield sample(`${i}`, i);
    });
    await renderedText(registry);
    const metrics = await parsedMetrics(registry);
    assert.equal(metrics.get('sluice_bulkhead_active')!.samples.length, 10);
    assert.ok(sampleValue(metrics, DROPPED, { metric: 'sluice_bulkhead_active' }) >= 1);
  });

  const faults: Record<string, () => Iterable<Sample<'pool'>> | Promise<Iterable<Sample<'pool'>>>> = {
    'throws at once': () => {
      throw new Error('no');
    },
    'throws later': function* () {
      yield sample('a', 1);
      throw new Error('no');
    },
    rejects: () => Promise.reject(new Error('no')),
    'gives a sample without labels': () => [{ labels: {} as { pool: string }, value: 1 }],
  };
  for (const [what, collector] of Object.entries(faults)) {
    it(`loses only its own metric when it ${what}`, async () => {
      const registry = new MetricRegistry();
      registry.collect('gauge', pools, collector);
      registry.callback('gauge', { name: 'sluice_level', help: 'Level.' }, () => 5);
      await renderedText(registry);
      const metrics = await parsedMetrics(registry);
      assert.equal(sampleValue(metrics, 'sluice_level'), 5);
      assert.equal(metrics.get('sluice_bulkhead_active')!.samples.length, what === 'throws later' ? 1 : 0);
      assert.ok(sampleValue(metrics, ERRORS, { metric: 'sluice_bulkhead_active' }) >= 1);
    });
  }
});

function sample(pool: string, value: number): Sample<'pool'> {
  return { labels: { pool }, value };
}
