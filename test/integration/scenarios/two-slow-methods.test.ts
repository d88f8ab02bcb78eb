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
    const { recording, statusInTheEnd, backAtMs } = await play(context, 0);
    assert.equal(backAtMs, undefined);
    const { pools, methods } = statusInTheEnd;
    assert.equal(pools.slow.active, pools.slow.size, 'the slow pool is full');
    assert.equal(methods.filter(({ state }) => state === 'quarantined').length, 2);
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
        quarantine: { slowCallMs: 400, windowMs: 1_000, minCalls: 20, minQuarantineMs: 300, probeShare: 0.2 },
      },
    },
    slowPerSecond: 60,
    pricesPerSecond: 60,
    wellMs: 5,
    slowMs: 1_000,
    phaseMs: 400,
    limitMs: 20_000,
    returnLimitMs: heartbeatSize === 0 ? 800 : 20_000,
  });
}
