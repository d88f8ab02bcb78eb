import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { registerGatewayMetrics, stateChangeCounter } from '../../../src/gateway/gateway-metrics.ts';
import { LoadControl } from '../../../src/gateway/load-control.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { MetricRegistry } from '../../../src/telemetry/metrics/metric-registry.ts';
import { renderMetrics } from '../../../src/telemetry/metrics/render-metrics.ts';
import { checkedConfig } from '../../support/gateway-under-test.ts';
import { RecordingRequest } from '../admission/recording-request.ts';

const KEYS = ['demo.Foo#a()', 'demo.Foo#b()', 'demo.Foo#c()'];
const CLOCK = { nowMs: () => 1_000, wallMs: () => 1_000 };

function scene() {
  const config = checkedConfig({
    admission: { maxInFlight: 1, maxWaitMs: 0 },
    services: { foo: { interface: 'demo.Foo', providers: ['dubbo://a:1'], methods: { a: {}, b: {}, c: {} } } },
  });
  const sink = { droppedLines: 7, write: () => {}, flushSync: () => {}, close: async () => {} };
  const logger = createLogger({ level: 'info', sink });
  const registry = new MetricRegistry();
  const load = new LoadControl(config, CLOCK, logger, stateChangeCounter(registry));
  registerGatewayMetrics(registry, load, logger);
  return { load, methods: load.bulkheads!.methods, lines: () => linesOf(registry) };
}

async function linesOf(registry: MetricRegistry): Promise<string[]> {
  const slices: Buffer[] = [];
  for await (const slice of renderMetrics(registry, 'text')) slices.push(slice);
  return Buffer.concat(slices).toString().split('\n');
}

describe('the metrics of the gateway', () => {
  it('have a series for each method that was ever in quarantine, and for no other', async () => {
    const { methods, lines } = scene();
    for (const key of KEYS) methods.method(key, 0);
    methods.find(KEYS[0]!)!.quarantine(0);
    methods.find(KEYS[1]!)!.quarantine(0);
    methods.find(KEYS[1]!)!.release(0);
    const shown = (await lines()).filter((line) => /^sluice_methods?_/.test(line));
    assert.deepEqual(shown.toSorted(), [
      'sluice_method_quarantined{method="demo.Foo#a()"} 1',
      'sluice_method_quarantined{method="demo.Foo#b()"} 0',
      'sluice_method_state_changes_total{to="healthy",by="operator"} 1',
      'sluice_method_state_changes_total{to="quarantined",by="operator"} 2',
      'sluice_methods_known 3',
      'sluice_methods_quarantined 1',
    ]);
  });

  it('follow admission and the log', async () => {
    const { load, lines } = scene();
    load.admission!.enter(new RecordingRequest('one', []), 100, 1_000);
    assert.throws(() => load.admission!.enter(new RecordingRequest('two', []), 100, 1_000));
    const shown = await lines();
    for (const line of [
      'sluice_admission_in_flight 1',
      'sluice_admission_in_flight_bytes 100',
      'sluice_admission_waiting 0',
      'sluice_admission_queue_full_total 1',
      'sluice_log_dropped_lines_total 7',
    ]) {
      assert.ok(shown.includes(line), line);
    }
    load.close();
  });
});
