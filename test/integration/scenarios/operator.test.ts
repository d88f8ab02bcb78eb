import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { playOperator } from '../../../benchmarks/scenarios/stories/operator.ts';
import { localStages } from './local-stage.ts';
import { countOutcomes } from './outcomes.ts';

describe('an operator', () => {
  it('quarantines, pins, releases and unpins a method, and sees each in the very next status', async (context) => {
    const { orders, recording, samples, finalStatus } = await playOperator(localStages(context), {
      sections: { timeoutMs: 5_000, bulkhead: { quarantine: { minQuarantineMs: 100, probeShare: 0.5 } } },
      // So few that there is room for all that come after a stand-still of the machine, and always some in flight.
      ordersPerSecond: 20,
      wellMs: 100,
      phaseMs: 600,
    });
    assert.deepEqual(
      orders.map(({ order, answer, state, isPinned }) => [order, answer, state, isPinned]),
      [
        ['quarantine', 200, 'quarantined', false],
        ['pin', 200, 'quarantined', true],
        ['release', 200, 'healthy', true],
        ['unpin', 200, 'healthy', false],
      ],
    );
    assert.deepEqual(
      finalStatus.events.map(({ to, by }) => `${to} by ${by}`),
      ['quarantined by operator', 'healthy by operator'],
      'pinned, the method stayed although its probes were well',
    );
    assert.ok(samples.some(({ status }) => status.pools.slow.active + status.pools.heartbeat.active > 0));
    assert.deepEqual(Object.keys(countOutcomes(recording.streams[0]!)), ['ok']);
  });
});
