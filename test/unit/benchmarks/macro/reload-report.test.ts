import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReloadCase } from '../../../../benchmarks/macro/macro-cases.ts';
import { formatReload, reloadGoals } from '../../../../benchmarks/macro/reload-report.ts';
import type { ReloadResult } from '../../../../benchmarks/macro/run-reload.ts';

const CASE: ReloadCase = {
  kind: 'reload',
  name: 'gateway/reload',
  summary: 'a change',
  request: { method: 'GET', path: '/users/42', body: undefined },
  perSecond: 500,
  atMostMs: 50,
};

const RESULT: ReloadResult = {
  name: CASE.name,
  summary: CASE.summary,
  rounds: [
    { inForceMs: 900, stallMs: 70, undisturbedStallMs: 10, longestRequestMs: 90 },
    { inForceMs: 1_000, stallMs: 40, undisturbedStallMs: 12, longestRequestMs: 80 },
    { inForceMs: 1_100, stallMs: 50, undisturbedStallMs: 11, longestRequestMs: 60 },
  ],
};

describe('formatReload', () => {
  it('shows the median of each figure and all rounds', () => {
    const lines = formatReload(RESULT).split('\n');
    assert.match(lines.find((line) => line.includes('stall during the change'))!, /50\s+70, 40, 50/);
    assert.match(lines.find((line) => line.includes('request during the change'))!, /80\s+90, 80, 60/);
    assert.match(lines.find((line) => line.includes('after it'))!, /11\s+10, 12, 11/);
    assert.match(lines.find((line) => line.includes('in force'))!, /1000\s+900, 1000, 1100/);
  });
});

describe('reloadGoals', () => {
  it('holds the median of the longest stalls against the limit', () => {
    assert.deepEqual(
      reloadGoals(CASE, RESULT).map(({ met }) => met),
      [true],
    );
    assert.equal(reloadGoals({ ...CASE, atMostMs: 49 }, RESULT)[0]!.met, false);
  });
});
