import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  LatencyRecord,
  latencyQuantile,
  mergeLatencies,
  NO_LATENCIES,
} from '../../../../benchmarks/load/latency-record.ts';

describe('LatencyRecord', () => {
  it('knows each quantile to a thirtieth, and the largest value exactly', () => {
    const latencies = fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(latencies, fc.double({ min: 0.001, max: 1, noNaN: true }), (values, part) => {
        const snapshot = recordOf(values).snapshot();
        const exact = [...values].sort((left, right) => left - right)[Math.ceil(values.length * part) - 1]!;
        const known = latencyQuantile(snapshot, part)!;
        assert.ok(Math.abs(known - exact) <= exact / 30 + 0.001, `${known} for ${exact}`);
        assert.ok(known <= snapshot.maxMs);
        assert.equal(snapshot.maxMs, Math.max(...values));
        assert.equal(snapshot.count, values.length);
      }),
    );
  });

  it('can be put together out of parts', () => {
    const all = Array.from({ length: 500 }, (_, index) => (index * 7919) % 1_000);
    const parts = [all.slice(0, 100), all.slice(100, 101), all.slice(101)].map((part) => recordOf(part).snapshot());
    assert.deepEqual(mergeLatencies(parts), recordOf(all).snapshot());
    assert.deepEqual(mergeLatencies([]), NO_LATENCIES);
    assert.equal(latencyQuantile(NO_LATENCIES, 0.5), undefined);
  });
});

function recordOf(values: readonly number[]): LatencyRecord {
  const record = new LatencyRecord();
  for (const value of values) record.add(value);
  return record;
}
