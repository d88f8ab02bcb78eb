import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { playOneSlowMethod } from '../../../benchmarks/scenarios/stories/one-slow-method.ts';
import { localStages } from './local-stage.ts';
import { countOutcomes } from './outcomes.ts';

describe('one method that turns slow', () => {
  it('is quarantined and comes back, and no call of the other method is refused', async (context) => {
    const { recording, finalStatus, timeline } = await playOneSlowMethod(localStages(context), {
      sections: {
        timeoutMs: 5_000,
        bulkhead: {
          normal: { size: 60 },
          slow: { size: 20 },
          quarantine: { slowCallMs: 150, windowMs: 400, minCalls: 5, minQuarantineMs: 300, probeShare: 0.2 },
        },
      },
      ordersPerSecond: 100,
      pricesPerSecond: 200,
      wellMs: 5,
      slowMs: 1_500,
      phaseMs: 400,
      limitMs: 5_000,
    });
    const [orders, prices] = recording.streams.map(countOutcomes);
    assert.deepEqual(Object.keys(prices!), ['ok']);
    assert.deepEqual(Object.keys(orders!).sort(), ['503 BULKHEAD_FULL', 'ok']);
    assert.deepEqual(
      finalStatus.events.map(({ method, to, by }) => `${method} ${to} ${by}`),
      [
        'com.acme.order.OrderService#getOrder(java.lang.String) quarantined gateway',
        'com.acme.order.OrderService#getOrder(java.lang.String) healthy gateway',
      ],
    );
    const after = timeline.summarize(recording.streams[0]!).at(-1)!;
    assert.deepEqual(Object.keys(after.outcomes), ['ok']);
  });
});
