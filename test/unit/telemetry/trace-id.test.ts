import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { traceIdOf } from '../../../src/telemetry/trace-id.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('traceIdOf()', () => {
  it('takes the trace id of valid headers', () => {
    assert.equal(traceIdOf(`00-${TRACE}-b7ad6b7169203331-01`), TRACE);
    assert.equal(traceIdOf(`cc-${TRACE}-b7ad6b7169203331-01-later-fields`), TRACE);
  });

  for (const header of [
    undefined,
    '',
    TRACE,
    `ff-${TRACE}-b7ad6b7169203331-01`,
    `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${TRACE}-b7ad6b7169203331-01x`,
    `00-${TRACE}-b7ad6b7169203331-01-${'x'.repeat(300)}`,
  ]) {
    it(`ignores ${String(header).slice(0, 70)}`, () => {
      assert.equal(traceIdOf(header), undefined);
    });
  }
});
