import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OK } from '../../../benchmarks/load/load-recording.ts';
import { playOverload } from '../../../benchmarks/scenarios/stories/overload.ts';
import { localStages } from './local-stage.ts';
import { countOutcomes } from './outcomes.ts';

describe('four times as much as can be done', () => {
  it('leaves most of the useful work, refuses the rest with Retry-After, and is forgotten soon', async (context) => {
    // Eight requests at a time that take 50 ms each: so the limit is admission, not the machine the test runs on.
    const result = await playOverload(localStages(context), {
      sections: { timeoutMs: 5_000, admission: { maxInFlight: 8, maxWaitMs: 100, maxQueue: 20 } },
      method: 'users',
      backendMs: 50,
      bestConnections: 8,
      tooManyPerSecond: 1_000,
      // Long enough that a stand-still of the machine does not make it look slow.
      bestMs: 2_700,
      factor: 4,
      // So few that a machine which stands still for a second finds no crowd waiting afterwards.
      restFactor: 0.05,
      phaseMs: 600,
      overloadMs: 1_200,
      // The client still has up to 500 requests then. 260 a second of them end: 160 with an answer, and 100 connections
      // are refused, each once a second.
      recoveryMs: 5_000,
      maxConnections: 100,
      giveUpMs: 20_000,
    });
    const { recording, overload, overloadSamples, after, finalStatus, samples } = result;
    assert.deepEqual(Object.keys(countOutcomes(recording.streams[0]!)).sort(), [
      '503 ADMISSION_QUEUE_FULL',
      '503 ADMISSION_TIMEOUT',
      OK,
    ]);
    const crowded = overloadSamples.filter(({ status }) => status.admission.waiting > 0);
    assert.ok(crowded.length > overloadSamples.length / 2, `${crowded.length} of ${overloadSamples.length}`);
    for (const { status } of crowded) assert.equal(status.admission.inFlight, 8, 'nobody waits beside a free place');
    assert.ok(overload.outcomes[OK]! > 0);
    assert.equal((overload.outcomes[OK] ?? 0) + overload.refused, overload.due);
    assert.ok(overload.refused > 0, `${overload.refused} of ${overload.due}`);
    // Each of the 100 connections is refused once a second at most; what comes on it meanwhile waits.
    assert.ok(recording.maxBacklog > 50, `${recording.maxBacklog} have waited for a connection`);
    assert.equal(overload.refusedWithRetryAfter, overload.refused);
    assert.deepEqual(after.outcomes, { [OK]: after.due });
    for (const { status } of samples) assert.ok(status.admission.inFlight <= 8 && status.admission.waiting <= 20);
    assert.equal(finalStatus.admission.waiting, 0);
  });
});
