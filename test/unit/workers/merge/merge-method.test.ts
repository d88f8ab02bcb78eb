import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { methodAnswer } from '../../../../src/admin/answers/method-answer.ts';
import { LatencyHistogram } from '../../../../src/bulkhead/latency-histogram.ts';
import { mergeMethod } from '../../../../src/workers/merge/merge-method.ts';
import { MethodHistory } from '../../../../src/workers/method-history.ts';
import { at, WINDOW_MS, workerMethod } from './samples.ts';

const NOTHING = new MethodHistory();
const QUARANTINED = {
  state: 'quarantined',
  reason: '10 timeouts in 10 s',
  by: 'gateway',
  probes: { passedInARow: 0, needed: 5 },
} as const;

describe('mergeMethod()', () => {
  it('adds up what each worker has and saw', () => {
    const merged = mergeMethod(
      [
        workerMethod({
          active: { normal: 1, slow: 2, heartbeat: 3 },
          window: { calls: 10, timeouts: 1, slow: 2, failed: 3 },
          relapses: 2,
        }),
        workerMethod({
          active: { normal: 4, slow: 5, heartbeat: 6 },
          window: { calls: 20, timeouts: 4, slow: 5, failed: 6 },
          relapses: 1,
        }),
      ],
      NOTHING,
    );
    assert.deepEqual(merged.active, { normal: 5, slow: 7, heartbeat: 9 });
    assert.deepEqual(merged.window, { calls: 30, timeouts: 5, slow: 7, failed: 9 });
    assert.equal(merged.relapses, 2);
    assert.deepEqual(methodAnswer.parse(merged), merged);
  });

  it('is in quarantine where one worker has it so, with the words of the one that found it', () => {
    const merged = mergeMethod(
      [
        workerMethod({ since: at(5) }),
        workerMethod({ ...QUARANTINED, since: at(60), reason: 'later', earliestRelease: at(70) }),
        workerMethod({
          ...QUARANTINED,
          since: at(50),
          by: 'operator',
          probes: { passedInARow: 3, needed: 5 },
          earliestRelease: at(65),
        }),
      ],
      NOTHING,
    );
    assert.deepEqual(
      [merged.state, merged.since, merged.reason, merged.by],
      ['quarantined', at(50), QUARANTINED.reason, 'operator'],
    );
    assert.deepEqual(merged.probes, { passedInARow: 3, needed: 5 });
    assert.equal(merged.earliestRelease, at(65));
  });

  it('has no time of release where every worker waits for an operator', () => {
    const merged = mergeMethod([workerMethod({ ...QUARANTINED, pinned: true }), workerMethod(QUARANTINED)], NOTHING);
    assert.deepEqual([merged.pinned, merged.earliestRelease], [true, null]);
  });

  it('is healthy since it first was', () => {
    const merged = mergeMethod(
      [workerMethod({ since: at(9) }), workerMethod({ since: at(4), reason: 'released' })],
      NOTHING,
    );
    assert.deepEqual([merged.state, merged.since, merged.reason, merged.probes], ['healthy', at(4), 'released', null]);
  });

  it('has the percentiles of all calls together, whoever made them', () => {
    const latencies = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(latencies, { minLength: 1, maxLength: 5 }), (workers) => {
        const alone = new LatencyHistogram(WINDOW_MS);
        for (const latencyMs of workers.flat()) alone.record(latencyMs, 0);
        const merged = mergeMethod(
          workers.map((latenciesMs) => workerMethod({}, latenciesMs)),
          NOTHING,
        );
        assert.deepEqual(merged.latencyMs, alone.percentiles(0) ?? null);
      }),
      { numRuns: 100 },
    );
  });
});
