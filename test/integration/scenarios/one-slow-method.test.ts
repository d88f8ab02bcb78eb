import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { METHODS } from '../../../benchmarks/scenarios/stage/scenario-config.ts';
import { playOneSlowMethod } from '../../../benchmarks/scenarios/stories/one-slow-method.ts';
import { localStages } from './local-stage.ts';
import { countOutcomes } from './outcomes.ts';

describe('one method that turns slow', () => {
  it('is quarantined and comes back, and no call of the other method is refused', async (context) => {
    const { recording, finalStatus, timeline, samples } = await playOneSlowMethod(localStages(context), {
      sections: {
        timeoutMs: 20_000,
        bulkhead: {
          normal: { size: 120 },
          slow: { size: 25 },
          quarantine: { slowCallMs: 1_000, windowMs: 2_000, minCalls: 20, minQuarantineMs: 300, probeShare: 0.2 },
        },
      },
      // So few that there is room for all that come after a stand-still of the machine, where calls are not slow.
      ordersPerSecond: 50,
      pricesPerSecond: 30,
      wellMs: 5,
      slowMs: 3_000,
      phaseMs: 400,
      limitMs: 20_000,
    });
    for (const { status } of samples) {
      // Half of the pool at most, so that there is always room for prices.
      assert.ok((status.methods.find(({ key }) => key === METHODS.orders.key)?.active.normal ?? 0) <= 60);
    }
    const [orders, prices] = recording.streams.map(countOutcomes);
    assert.deepEqual(Object.keys(prices!), ['ok']);
    assert.deepEqual(Object.keys(orders!).sort(), ['503 BULKHEAD_FULL', 'ok']);
    assert.deepEqual(
      finalStatus.events.map(({ method, to, by }) => `${method} ${to} ${by}`),
      [`${METHODS.orders.key} quarantined gateway`, `${METHODS.orders.key} healthy gateway`],
    );
    const beforeQuarantine = timeline.summarize(recording.streams[0]!).slice(0, 2);
    assert.deepEqual(
      beforeQuarantine.map(({ phase }) => phase),
      ['before', 'slow'],
    );
    const slowCalls = beforeQuarantine[1]!.due;
    assert.ok(slowCalls < 300, `${slowCalls} calls until the quarantine`);
    const after = timeline.summarize(recording.streams[0]!).at(-1)!;
    assert.deepEqual(Object.keys(after.outcomes), ['ok']);
  });
});
