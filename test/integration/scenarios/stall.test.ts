import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { playStall } from '../../../benchmarks/scenarios/stories/stall.ts';
import { localStages } from './local-stage.ts';
import { countOutcomes } from './outcomes.ts';

describe('a stall of all providers', () => {
  it('is waited out: nothing is refused or lost, and no method is blamed', async (context) => {
    const { recording, mostInGateway, finalStatus, samples } = await playStall(localStages(context), {
      sections: {
        timeoutMs: 20_000,
        admission: { maxInFlight: 200, maxWaitMs: 20_000 },
        bulkhead: { normal: { size: 100, maxMethodShare: 1, maxWaitMs: 20_000 }, quarantine: { slowCallMs: 15_000 } },
      },
      perSecond: 150,
      wellMs: 10,
      stallMs: 300,
      leastInGateway: 250,
      phaseMs: 400,
      settleMs: 200,
      maxConnections: 1_000,
    });
    for (const stream of recording.streams) assert.deepEqual(Object.keys(countOutcomes(stream)), ['ok'], stream.name);
    assert.ok(mostInGateway >= 250);
    assert.ok(samples.some(({ status }) => status.pools.normal.waiting > 0));
    for (const { status } of samples) assert.ok(status.admission.inFlight <= 200);
    assert.deepEqual(finalStatus.events, []);
    const { pools, admission } = finalStatus;
    assert.deepEqual(
      [pools.normal.active, pools.normal.waiting, pools.normal.rejectedTotal, admission.inFlightBytes],
      [0, 0, 0, 0],
    );
  });
});
