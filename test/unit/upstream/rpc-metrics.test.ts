import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MetricRegistry } from '../../../src/telemetry/metrics/metric-registry.ts';
import { RpcMetrics } from '../../../src/upstream/rpc-metrics.ts';
import type { RpcOutcome } from '../../../src/upstream/rpc-outcome.ts';
import { fastestMs } from '../../support/fastest-ms.ts';
import { sampleValue } from '../telemetry/metrics/exposition-parser.ts';
import { parsedMetrics, renderedLines } from '../telemetry/metrics/rendered-text.ts';

const CALLS = 'sluice_rpc_calls_total';
const COUNT = 'sluice_rpc_call_duration_seconds_count';
const SUM = 'sluice_rpc_call_duration_seconds_sum';
const OUTCOMES: readonly RpcOutcome[] = ['ok', 'exception', 'timeout', 'refused', 'failed', 'cancelled'];

function metrics(): { registry: MetricRegistry; rpc: RpcMetrics } {
  const registry = new MetricRegistry();
  return { registry, rpc: new RpcMetrics(registry) };
}

describe('RpcMetrics', () => {
  it('counts calls by method and outcome', async () => {
    const { registry, rpc } = metrics();
    const get = rpc.method('com.acme.Users:1.0.0', 'get');
    for (const [index, outcome] of OUTCOMES.entries()) for (let i = 0; i <= index; i++) get.record(outcome, 0.25);
    assert.deepEqual(
      (await renderedLines(registry, CALLS)).slice(2),
      OUTCOMES.map(
        (outcome, index) =>
          `sluice_rpc_calls_total{service="com.acme.Users:1.0.0",method="get",outcome="${outcome}"} ${index + 1}`,
      ),
    );
  });

  it('measures all calls but those that were refused', async () => {
    const { registry, rpc } = metrics();
    for (const outcome of OUTCOMES) rpc.method('Users', 'get').record(outcome, 0.5);
    const parsed = await parsedMetrics(registry);
    assert.equal(sampleValue(parsed, COUNT, { service: 'Users', method: 'get' }), OUTCOMES.length - 1);
    assert.equal(sampleValue(parsed, SUM, { service: 'Users', method: 'get' }), (OUTCOMES.length - 1) / 2);
  });

  it('shares a handle among the routes of a method, and tells services and methods apart', () => {
    const { rpc } = metrics();
    assert.equal(rpc.method('Users', 'get'), rpc.method('Users', 'get'));
    assert.notEqual(rpc.method('Users', 'get'), rpc.method('Orders', 'get'));
    assert.notEqual(rpc.method('a', 'bc'), rpc.method('ab', 'c'));
  });

  it('drops the series of methods that are gone, whose last calls make no new ones', async () => {
    const { registry, rpc } = metrics();
    const [kept, gone] = [rpc.method('Users', 'get'), rpc.method('Users', 'list')];
    for (const method of [kept, gone]) for (const outcome of ['ok', 'timeout'] as const) method.record(outcome, 1);
    rpc.keepOnly(new Set([kept]));
    for (const outcome of OUTCOMES) gone.record(outcome, 1);
    let parsed = await parsedMetrics(registry);
    const methods = [...parsed.values()].flatMap(({ samples }) => samples.map(({ labels }) => labels.get('method')));
    assert.deepEqual([...new Set(methods)].sort(), ['get']);
    rpc.method('Users', 'list').record('ok', 1);
    parsed = await parsedMetrics(registry);
    assert.equal(sampleValue(parsed, CALLS, { service: 'Users', method: 'list', outcome: 'ok' }), 1);
  });

  it('counts a call well below a microsecond', () => {
    const { rpc } = metrics();
    const methods = Array.from({ length: 100 }, (_, index) => rpc.method('Users', `method${index}`));
    const calls = 100_000;
    const ms = fastestMs(5, () => {
      for (let i = 0; i < calls; i++) methods[i % 100]!.record(OUTCOMES[i % OUTCOMES.length]!, 0.004);
    });
    assert.ok(ms * 1000 < calls, `${(ms * 1000) / calls} us a call`);
  });
});
