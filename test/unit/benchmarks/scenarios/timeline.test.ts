import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LatencyRecord } from '../../../../benchmarks/load/latency-record.ts';
import type { IntervalRecord, StreamRecording } from '../../../../benchmarks/load/load-recording.ts';
import { totalsBetween } from '../../../../benchmarks/load/totals.ts';
import { phaseTable, Timeline } from '../../../../benchmarks/scenarios/report/timeline.ts';

describe('Timeline', () => {
  it('has each interval in exactly one phase, those before the first among them', () => {
    const timeline = new Timeline();
    const firstMs = timeline.begin('one');
    const stream = streamOf(
      [-150, -50, 0, 100, 200, 5_000].map((offsetMs) => interval(firstMs + offsetMs, { ok: [5] })),
    );
    const whole = timeline.summarize(stream);
    assert.deepEqual(
      whole.map(({ phase, due }) => [phase, due]),
      [['one', 6]],
    );
    const secondMs = timeline.begin('two');
    const later = streamOf([interval(firstMs - 500, { ok: [5] }), interval(secondMs, { '503 X': [1, 1], ok: [9] })]);
    const [one, two] = timeline.summarize(later);
    assert.deepEqual([one!.due, two!.due], [1, 3]);
    assert.deepEqual(two!.outcomes, { '503 X': 2, ok: 1 });
    assert.deepEqual([two!.p50Ms, two!.maxMs], [9, 9], 'latencies are those of good answers');
  });

  it('is a table with a column for each outcome', () => {
    const timeline = new Timeline();
    const fromMs = timeline.begin('one');
    const stream = streamOf([interval(fromMs, { ok: [2, 300], '504 B': [1] }), interval(fromMs, { '503 A': [1] })]);
    const [head, , row] = phaseTable(timeline.summarize(stream)).split('\n');
    assert.deepEqual(head!.trim().split(/ {2,}/), [
      'phase',
      'requests',
      'ok',
      '503 A',
      '504 B',
      'p50 ms',
      'p99 ms',
      'max ms',
    ]);
    assert.deepEqual(row!.trim().split(/ +/), ['one', '4', '2', '1', '1', '2.0', '300', '300']);
  });
});

describe('totalsBetween', () => {
  it('counts whole intervals of all streams, refusals apart', () => {
    const streams = [
      streamOf([interval(900, { ok: [7] }), interval(1_000, { ok: [1, 2], '503 A': [3] }, 2)]),
      streamOf([interval(1_000, { '503 B': [4], '504 C': [5] }, 0), interval(1_100, { ok: [6] }, 1)]),
    ];
    const totals = totalsBetween(streams, 1_000, 1_150);
    assert.deepEqual([totals.due, totals.refused, totals.refusedWithRetryAfter], [5, 2, 2]);
    assert.deepEqual(totals.outcomes, { ok: 2, '503 A': 1, '503 B': 1, '504 C': 1 });
    assert.equal(totals.okPerSecond, 20);
    assert.deepEqual([totals.okP99Ms, Math.round(totals.refusedP50Ms!)], [2, 3]);
  });
});

function streamOf(intervals: readonly IntervalRecord[]): StreamRecording {
  return { name: 's', intervals };
}

function interval(
  fromMs: number,
  latencies: Readonly<Record<string, readonly number[]>>,
  okAnswers = 0,
): IntervalRecord {
  const outcomes = Object.entries(latencies).map(([outcome, values]) => {
    const record = new LatencyRecord();
    for (const value of values) record.add(value);
    return { outcome, latency: record.snapshot(), withRetryAfter: outcome.startsWith('503') ? values.length : 0 };
  });
  return { fromMs, due: outcomes.reduce((sum, { latency }) => sum + latency.count, 0), outcomes, okAnswers };
}
