import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { METHODS } from '../../../benchmarks/scenarios/stage/scenario-config.ts';
import {
  playTwoSlowMethods,
  type TwoSlowMethodsResult,
} from '../../../benchmarks/scenarios/stories/two-slow-methods.ts';
import { localStages } from './local-stage.ts';
import { countOutcomes } from './outcomes.ts';

describe('two slow methods that fill the slow pool', { concurrency: true }, () => {
  it('are told apart by probes: the one that gets well comes back alone', async (context) => {
    const { recording, statusInTheEnd, backAtMs } = await play(context, 4);
    assert.notEqual(backAtMs, undefined);
    const quarantined = statusInTheEnd.methods.filter(({ state }) => state === 'quarantined');
    assert.deepEqual(
      quarantined.map(({ key }) => key),
      [METHODS.orders.key],
    );
    assert.deepEqual(Object.keys(countOutcomes(recording.streams[2]!)), ['ok'], 'prices notice nothing');
  });

  it('stay where they are without a heartbeat pool', async (context) => {
    const { recording, samples, wellAtMs, statusInTheEnd, backAtMs } = await play(context, 0);
    assert.equal(backAtMs, undefined);
    const crowded = samples.filter(({ atMs }) => atMs >= wellAtMs);
    const full = crowded.filter(({ status: { pools } }) => pools.slow.active === pools.slow.size);
    assert.ok(full.length > crowded.length / 2, `the slow pool is full: ${full.length} of ${crowded.length}`);
    assert.equal(statusInTheEnd.methods.filter(({ state }) => state === 'quarantined').length, 2);
    assert.deepEqual(Object.keys(countOutcomes(recording.streams[2]!)), ['ok'], 'prices notice nothing');
  });
});

function play(context: TestContext, heartbeatSize: number): Promise<TwoSlowMethodsResult> {
  return playTwoSlowMethods(localStages(context), {
    sections: {
      timeoutMs: 20_000,
      bulkhead: {
        normal: { size: 400 },
        slow: { size: 6, maxMethodShare: 1 },
        heartbeat: { size: heartbeatSize, maxMethodShare: 0.5 },
        quarantine: { slowCallMs: 1_000, windowMs: 2_000, minCalls: 20, minQuarantineMs: 300, probeShare: 0.2 },
      },
    },
    slowPerSecond: 60,
    pricesPerSecond: 30,
    wellMs: 5,
    slowMs: 2_500,
    phaseMs: 400,
    limitMs: 20_000,
    returnLimitMs: heartbeatSize === 0 ? 800 : 20_000,
  });
}
