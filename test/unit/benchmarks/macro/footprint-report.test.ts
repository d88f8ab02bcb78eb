import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { footprintGoals, formatFootprint } from '../../../../benchmarks/macro/footprint-report.ts';
import type { FootprintCase } from '../../../../benchmarks/macro/macro-cases.ts';
import type { FootprintResult } from '../../../../benchmarks/macro/run-footprint.ts';
import { sampleOf } from './sample-of.ts';

const MEGABYTE = 1024 ** 2;
const REQUEST = { method: 'GET', path: '/', body: undefined } as const;

const CASE: FootprintCase = {
  kind: 'footprint',
  name: 'gateway/footprint',
  summary: 'a case',
  request: REQUEST,
  start: { atMostMs: 1_000, fullSpeedAtMostSeconds: 2 },
  idle: { connections: 10_000, atMostBytes: 130 * MEGABYTE },
  inFlight: { request: REQUEST, connections: 5_000, delayMs: 2_000, atMostBytes: 300 * MEGABYTE },
};

const RESULT: FootprintResult = {
  name: 'gateway/footprint',
  summary: 'a case',
  starts: [
    startOf(500, [300, 120, 105, 101, 100]),
    startOf(1_500, [300, 200, 105, 99, 98]),
    startOf(900, [300, 200, 150, 104, 102]),
  ],
  idleBytes: [131 * MEGABYTE, 140 * MEGABYTE, 132 * MEGABYTE],
  inFlight: [200, 220, 210].map((megabytes) => ({ residentBytes: megabytes * MEGABYTE, inFlight: 5_000 })),
  inFlightAnswerBytes: 10_240,
  notes: ['something to know'],
};

describe('footprintGoals', () => {
  it('holds medians against limits', () => {
    const goals = footprintGoals(CASE, RESULT).map(({ figure, met }) => [figure, met]);
    assert.deepEqual(goals, [
      ['0.90 s ±28 %', true],
      ['3 s ±8 %', false],
      ['132 MB ±2 %', false],
      ['210 MB ±2 %', true],
    ]);
  });

  it('has no goal of what was not measured', () => {
    const goals = footprintGoals(CASE, { ...RESULT, idleBytes: [], inFlight: [] });
    assert.deepEqual(
      goals.map(({ what }) => what),
      ['gateway/footprint: start to the first right answer', 'gateway/footprint: load until full speed'],
    );
  });
});

describe('formatFootprint', () => {
  it('shows median and rounds, and what is to be known', () => {
    const text = formatFootprint(CASE, RESULT);
    assert.match(text, /^ {2}start to the first right answer +0\.90 s +0\.50 s, 1\.50 s, 0\.90 s$/m);
    assert.match(text, /^ {2}RSS with 10000 idle connections +132 MB /m);
    assert.match(text, /^ {2}RSS with 5000 calls of 10240 bytes in flight +210 MB /m);
    assert.match(text, /^ {2}something to know$/m);
  });

  it('takes a process that never was at full speed to need longer than it was watched', () => {
    const warm = startOf(500, [100, 100, 100]);
    const starts = [warm, warm, startOf(500, [900, 300, 200])];
    assert.match(formatFootprint(CASE, { ...RESULT, starts }), /load until full speed +1 s +1 s, 1 s, 4 s/);
  });
});

function startOf(readyMs: number, micros: readonly number[]) {
  return { readyMs, seconds: micros.map(sampleOf) };
}
