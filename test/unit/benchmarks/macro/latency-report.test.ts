import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatLatency, latencyGoals } from '../../../../benchmarks/macro/latency-report.ts';
import type { LatencyCase } from '../../../../benchmarks/macro/macro-cases.ts';
import type { LatencyResult } from '../../../../benchmarks/macro/run-latency.ts';
import { sampleOf } from './sample-of.ts';

const CASE: LatencyCase = {
  kind: 'latency',
  name: 'gateway/latency',
  summary: 'a case',
  request: { method: 'GET', path: '/', body: undefined },
  atMostMs: { p50: 0.3, p99: 2 },
};

/** A slow second round slows down both servers. */
const RESULT: LatencyResult = {
  name: 'gateway/latency',
  summary: 'a case',
  bestPerSecond: 10_001,
  perSecond: 5_000,
  gateway: [latencies(0.5, 3), latencies(5.5, 33), latencies(0.5, 3)],
  bareKoa: [latencies(0.25, 0.5), latencies(5.25, 30), latencies(0.25, 0.5)],
};

describe('latencyGoals', () => {
  it('holds what is added, round by round, against what may be', () => {
    assert.deepEqual(latencyGoals(CASE, RESULT), [
      {
        what: 'gateway/latency: median added',
        goal: 'at most 0.3 ms',
        figure: '0.25 ±0.00 ms',
        met: true,
      },
      {
        what: 'gateway/latency: 99th percentile added',
        goal: 'at most 2 ms',
        figure: '2.50 ±0.13 ms',
        met: false,
      },
    ]);
  });
});

describe('formatLatency', () => {
  it('shows both servers and the difference', () => {
    const text = formatLatency(RESULT);
    assert.match(text, /^ {2}gateway +0\.50 +3\.00 +10000 +100 %$/m);
    assert.match(text, /^ {2}bare-koa +0\.25 +0\.50 /m);
    assert.match(text, /^ {2}added +0\.25 ±0\.00 +2\.50 ±0\.13$/m);
    assert.match(text, /5000 requests a second, half of the 10001 that/);
  });
});

function latencies(p50Ms: number, p99Ms: number) {
  return { ...sampleOf(50), p50Ms, p99Ms };
}
