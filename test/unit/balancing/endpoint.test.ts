import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallResult } from '../../../src/balancing/call-record.ts';
import { Endpoint } from '../../../src/balancing/endpoint.ts';
import { DEFAULT_EJECTION } from '../../../src/config/ejection-schema.ts';
import { instance } from './selection-scene.ts';

const { address } = instance('a');
const { baseEjectionMs } = DEFAULT_EJECTION;

describe('Endpoint', () => {
  it('begins anew when its probe has passed: neither old failures nor old latencies count', () => {
    const endpoint = new Endpoint(address);
    for (let i = 0; i < 4; i++) end(endpoint, 'failure', 0, 3_000);
    endpoint.eject('ill', DEFAULT_EJECTION, 3_000);
    assert.equal(endpoint.record.failuresInARow, 0);
    const probeMs = 3_000 + baseEjectionMs;
    end(endpoint, 'failure', 2_000, probeMs);
    assert.equal(endpoint.ejection.tryProbe(probeMs), true);
    end(endpoint, 'ok', probeMs, probeMs + 5);
    assert.equal(endpoint.ejection.state, 'in');
    assert.equal(endpoint.latency.loadOf(0, probeMs + 5), 5);
    assert.equal(endpoint.record.calls(probeMs + 5), 0);
  });

  it('learns from a call that was given up how long it had lasted', () => {
    const endpoint = new Endpoint(address);
    end(endpoint, 'neutral', 0, 400);
    assert.equal(endpoint.latency.loadOf(0, 400), 400);
    assert.equal(endpoint.record.calls(400), 0);
  });

  it('learns from a call that another provider was quicker with that it took that long, at least', () => {
    const endpoint = new Endpoint(address);
    end(endpoint, 'overtaken', 0, 400);
    assert.equal(endpoint.latency.loadOf(0, 400), 400);
    assert.deepEqual(
      [endpoint.record.calls(400), endpoint.record.failures(400), endpoint.record.meanLatencyMs],
      [1, 0, 400],
    );
  });

  it('is not brought back by a probe that another provider was quicker with', () => {
    const endpoint = new Endpoint(address);
    endpoint.eject('ill', DEFAULT_EJECTION, 0);
    assert.equal(endpoint.ejection.tryProbe(baseEjectionMs), true);
    end(endpoint, 'overtaken', baseEjectionMs, baseEjectionMs + 50);
    assert.notEqual(endpoint.ejection.state, 'in');
    assert.equal(endpoint.ejection.tryProbe(baseEjectionMs + 5_000), true, 'the next call is the probe');
  });

  it('tells who observes it of each change, and nobody else', () => {
    const endpoint = new Endpoint(address);
    let told = 0;
    const observer = { onEndpointChange: () => void told++ };
    endpoint.observe(observer);
    endpoint.eject('ill', DEFAULT_EJECTION, 0);
    assert.equal(told, 1);
    endpoint.ejection.tryProbe(baseEjectionMs);
    end(endpoint, 'neutral', baseEjectionMs, baseEjectionMs);
    assert.equal(told, 2);
    endpoint.unobserve(observer);
    endpoint.unobserve(observer);
    endpoint.eject('ill', DEFAULT_EJECTION, baseEjectionMs);
    assert.equal(told, 2);
  });
});

function end(endpoint: Endpoint, result: CallResult, startedMs: number, nowMs: number): void {
  endpoint.onStart();
  endpoint.onEnd(result, startedMs, nowMs, DEFAULT_EJECTION);
  assert.equal(endpoint.inFlight, 0);
}
