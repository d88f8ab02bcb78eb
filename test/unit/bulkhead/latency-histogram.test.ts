import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LatencyHistogram } from '../../../src/bulkhead/latency-histogram.ts';

test('is near the exact percentiles', () => {
  const latencyMs = fc.oneof(
    fc.double({ min: 0, max: 20, noNaN: true }),
    fc.double({ min: 0, max: 60_000, noNaN: true }),
    fc.double({ min: 0, max: 2_000_000, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(latencyMs, { minLength: 1, maxLength: 300 }), (latencies) => {
      const histogram = new LatencyHistogram(10_000);
      for (const latency of latencies) histogram.record(latency, 5);
      const sorted = [...latencies].sort((a, b) => a - b);
      const found = histogram.percentiles(5);
      assert.ok(found);
      for (const [share, value] of [
        [0.5, found.p50],
        [0.95, found.p95],
        [0.99, found.p99],
      ] as const) {
        const exact = sorted[Math.ceil(latencies.length * share) - 1]!;
        const bound = Math.max(0.125, exact / 16) + exact * 0.006;
        assert.ok(Math.abs(value - exact) <= bound, `${share}: ${value} is too far from ${exact}`);
      }
    }),
    { numRuns: 300 },
  );
});

test('tells most calls from the slowest ones', () => {
  const histogram = new LatencyHistogram(10_000);
  for (let i = 0; i < 94; i++) histogram.record(3, 0);
  for (let i = 0; i < 4; i++) histogram.record(900, 0);
  for (let i = 0; i < 2; i++) histogram.record(3_000, 0);
  const found = histogram.percentiles(0);
  assert.ok(
    found && Math.abs(found.p50 - 3) < 0.2 && Math.abs(found.p95 - 900) < 60 && Math.abs(found.p99 - 3_000) < 200,
  );
});

test('forgets what is older than the window, and knows nothing of no calls', () => {
  const histogram = new LatencyHistogram(1_000);
  assert.equal(histogram.percentiles(0), undefined);
  histogram.record(500, 100);
  histogram.record(1, 900);
  assert.ok(histogram.percentiles(900)!.p99 > 400);
  assert.ok(histogram.percentiles(1_100)!.p99 < 2);
  assert.equal(histogram.percentiles(1_900), undefined);
  histogram.record(7, 2_000);
  histogram.record(7, 2_300);
  assert.equal(histogram.percentiles(3_300), undefined);
  histogram.record(7, 5e9);
  assert.ok(histogram.percentiles(5e9));
});

test('takes any number for a latency', () => {
  const histogram = new LatencyHistogram(1_000);
  for (const latency of [-5, 0, Number.MAX_VALUE, Number.POSITIVE_INFINITY]) histogram.record(latency, 0);
  const found = histogram.percentiles(0);
  assert.ok(found && found.p50 < 0.2 && found.p99 > 1_900_000 && found.p99 < 2_200_000);
});

test('refuses a window without length', () => {
  assert.throws(() => new LatencyHistogram(-1), { name: 'RangeError', message: 'windowMs must be positive, got -1' });
});
