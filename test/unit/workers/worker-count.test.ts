import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkConfig } from '../../../src/config/check-config.ts';
import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { workerCount } from '../../../src/workers/worker-count.ts';

function countOf(input: GatewayConfigInput, processors: number): ReturnType<typeof workerCount> {
  const { config, diagnostics } = checkConfig(input);
  assert.ok(config, JSON.stringify(diagnostics));
  return workerCount(config, processors);
}

describe('workerCount()', () => {
  it('is what is configured, whatever the machine has', () => {
    assert.deepEqual(countOf({}, 8), { count: 1, boundBy: undefined });
    assert.deepEqual(countOf({ server: { workers: 12 } }, 2), { count: 12, boundBy: undefined });
  });

  it('is one for each processor where it is auto', () => {
    const count = (processors: number) =>
      countOf({ server: { workers: 'auto' }, admission: 'off', bulkhead: 'off' }, processors).count;
    assert.deepEqual([0, 1, 2, 48, 64, 200].map(count), [1, 1, 2, 48, 64, 64]);
  });

  it('is less than auto where there is too little to share, and says of what', () => {
    const server = { workers: 'auto' } as const;
    assert.deepEqual(countOf({ server, bulkhead: { slow: { size: 3 } } }, 8), {
      count: 3,
      boundBy: 'bulkhead.slow.size',
    });
    assert.deepEqual(countOf({ server }, 64), { count: 16, boundBy: 'admission.maxInFlightBytes' });
    assert.deepEqual(countOf({ server }, 16), { count: 16, boundBy: undefined });
  });
});
