import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OK } from '../../../benchmarks/load/load-recording.ts';
import type { StorySections } from '../../../benchmarks/scenarios/stage/scenario-config.ts';
import {
  type BackendLatencyPoint,
  measureBackendLatencies,
} from '../../../benchmarks/scenarios/stories/backend-latency.ts';
import { localStages } from './local-stage.ts';

const FEW = { size: 5, maxMethodShare: 1 };

describe('backends that take their time', () => {
  it('cost no throughput, where a call is no thread', async (context) => {
    const points = await measure(localStages(context), { timeoutMs: 5_000 });
    for (const { totals } of points) assert.deepEqual(totals.outcomes, { [OK]: totals.due });
    assert.ok(points[1]!.mostInFlight > 20);
  });

  it('cost nearly all of it, where few calls can be in flight', async (context) => {
    const points = await measure(localStages(context), {
      timeoutMs: 5_000,
      bulkhead: { normal: FEW, slow: FEW, quarantine: 'off' },
    });
    const [atOnce, late] = points.map(({ totals }) => totals.outcomes[OK]! / totals.due);
    assert.ok(atOnce! > 2 * late!, `${atOnce} of the calls, then ${late}`);
    const { outcomes, due } = points[1]!.totals;
    assert.equal(outcomes[OK]! + outcomes['503 BULKHEAD_FULL']!, due);
  });
});

function measure(
  openStage: ReturnType<typeof localStages>,
  sections: StorySections,
): Promise<readonly BackendLatencyPoint[]> {
  return measureBackendLatencies(openStage, {
    sections,
    perSecond: 60,
    latenciesMs: [0, 500],
    warmUpMs: 200,
    // So long that a crowd of calls after a stand-still of the machine is a small part of them.
    measuredMs: 1_500,
    maxConnections: 500,
  });
}
