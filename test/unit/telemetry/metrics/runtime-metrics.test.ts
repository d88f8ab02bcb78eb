import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, it } from 'node:test';
import { MetricRegistry } from '../../../../src/telemetry/metrics/metric-registry.ts';
import { nextTurn } from '../../../../src/telemetry/metrics/next-turn.ts';
import { RuntimeMetrics } from '../../../../src/telemetry/metrics/runtime-metrics.ts';
import { collectGarbage } from '../../../support/collect-garbage.ts';
import { type ParsedFamily, sampleValue } from './exposition-parser.ts';
import { parsedMetrics } from './rendered-text.ts';

const ERRORS = 'sluice_metrics_collector_errors_total';

async function withMetrics(
  action: (registry: MetricRegistry, runtime: RuntimeMetrics) => Promise<void>,
): Promise<void> {
  const registry = new MetricRegistry();
  const runtime = new RuntimeMetrics(registry, '1.2.3');
  try {
    await action(registry, runtime);
    assert.deepEqual((await parsedMetrics(registry)).get(ERRORS)!.samples, [], 'a collector failed');
  } finally {
    runtime.close();
  }
}

describe('RuntimeMetrics', () => {
  it('says which build runs', async () => {
    await withMetrics(async (registry) => {
      const labels = { version: '1.2.3', node: process.version };
      assert.equal(sampleValue(await parsedMetrics(registry), 'sluice_build_info', labels), 1);
    });
  });

  it('has CPU time, memory and start of the process', async () => {
    await withMetrics(async (registry) => {
      const before = process.cpuUsage();
      const parsed = await parsedMetrics(registry);
      const after = process.cpuUsage();
      const user = sampleValue(parsed, 'process_cpu_user_seconds_total');
      const system = sampleValue(parsed, 'process_cpu_system_seconds_total');
      assert.ok(user >= before.user / 1e6 && user <= after.user / 1e6);
      assert.ok(system >= before.system / 1e6 && system <= after.system / 1e6);
      const { rss, heapTotal } = process.memoryUsage();
      const resident = sampleValue(parsed, 'process_resident_memory_bytes');
      assert.ok(resident > rss / 2 && resident < rss * 2);
      const used = sampleValue(parsed, 'nodejs_heap_size_used_bytes');
      assert.ok(used > 1e6 && used <= sampleValue(parsed, 'nodejs_heap_size_total_bytes'));
      assert.ok(used < heapTotal * 2);
      assert.ok(sampleValue(parsed, 'nodejs_external_memory_bytes') > 0);
      const ageSeconds = Date.now() / 1000 - sampleValue(parsed, 'process_start_time_seconds');
      assert.ok(Math.abs(ageSeconds - process.uptime()) < 5);
    });
  });

  it('counts open files where the system lists them', async () => {
    await withMetrics(async (registry) => {
      const before = (await parsedMetrics(registry)).get('process_open_fds');
      assert.equal(before !== undefined, existsSync('/proc/self/fd'));
      const files = Array.from({ length: 50 }, () => openSync(process.execPath, 'r'));
      const after = (await parsedMetrics(registry)).get('process_open_fds');
      for (const file of files) closeSync(file);
      if (before !== undefined) assert.ok(onlyValue(after) >= onlyValue(before) + 40);
    });
  });

  it('counts active resources by type', async () => {
    await withMetrics(async (registry) => {
      const timers = [1, 2, 3].map(() => setTimeout(() => undefined, 60_000));
      const parsed = await parsedMetrics(registry);
      for (const timer of timers) clearTimeout(timer);
      assert.ok(sampleValue(parsed, 'nodejs_active_resources', { type: 'Timeout' }) >= 3);
    });
  });

  it('measures the event loop', async () => {
    await withMetrics(async (registry) => {
      let parsed = await parsedMetrics(registry);
      const lag = (which: string) => sampleValue(parsed, `nodejs_eventloop_lag_${which}_seconds`);
      // What happens before the first measurement is not seen.
      for (let tries = 0; tries < 20 && lag('max') < 0.02; tries++) {
        block(60);
        await new Promise((resolve) => setTimeout(resolve, 25));
        parsed = await parsedMetrics(registry);
      }
      assert.ok(lag('max') >= 0.02, `no delay was seen but ${lag('max')} s`);
      for (const which of ['p50', 'p90', 'p99', 'mean']) assert.ok(lag(which) >= 0 && lag(which) <= lag('max'));
      const utilization = sampleValue(parsed, 'nodejs_eventloop_utilization_ratio');
      assert.ok(utilization > 0 && utilization <= 1);
    });
  });

  it('counts collections of garbage until it is closed', async () => {
    await withMetrics(async (registry, runtime) => {
      collectGarbage();
      let parsed = await parsedMetrics(registry);
      for (let turn = 0; turn < 1000 && majorCollections(parsed) === 0; turn++) {
        await nextTurn();
        parsed = await parsedMetrics(registry);
      }
      const counted = majorCollections(parsed);
      assert.ok(counted > 0);
      runtime.close();
      collectGarbage();
      for (let turn = 0; turn < 20; turn++) await nextTurn();
      assert.equal(majorCollections(await parsedMetrics(registry)), counted);
    });
  });

  it('can run several times in one process', async () => {
    await withMetrics(async (first) => {
      await withMetrics(async (second) => {
        assert.deepEqual([...(await parsedMetrics(first)).keys()], [...(await parsedMetrics(second)).keys()]);
      });
    });
  });
});

function majorCollections(parsed: Map<string, ParsedFamily>): number {
  const { samples } = parsed.get('nodejs_gc_duration_seconds')!;
  return samples.find(({ name, labels }) => name.endsWith('_count') && labels.get('kind') === 'major')?.value ?? 0;
}

function onlyValue(family: ParsedFamily | undefined): number {
  assert.equal(family?.samples.length, 1);
  return family.samples[0]!.value;
}

function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
