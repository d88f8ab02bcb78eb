import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Admission } from '../../../src/admission/admission.ts';
import { MethodRegistry } from '../../../src/bulkhead/method-registry.ts';
import { Pools } from '../../../src/bulkhead/pools.ts';
import { AnswerShapeError, readMethod, readStatus } from '../../../src/cli/status-answer.ts';
import { methodSample, quarantinedSample, statusSample } from './status-samples.ts';

describe('readStatus', () => {
  it('reads what the gateway is made of', () => {
    const pool = { size: 10, maxMethodShare: 1, maxWaitMs: 0, maxQueue: 0 };
    const pools = new Pools({ normal: pool, slow: pool, heartbeat: pool });
    const admission = new Admission({ maxInFlight: 10, maxInFlightBytes: 100, maxWaitMs: 0, maxQueue: 0 }, 0);
    const methods = new MethodRegistry({ rulesOf: () => RULES });
    methods.method('a#b()', 0);
    methods.method('a#c(int)', 10_000).quarantine(10_000, 'checked');
    const view = { nowMs: 20_000, wallOffsetMs: 1e12, activeOf: () => ({ normal: 0, slow: 1, heartbeat: 0 }) };
    const json = JSON.parse(
      JSON.stringify({
        pools: {
          normal: pools.status('normal'),
          slow: pools.status('slow'),
          heartbeat: pools.status('heartbeat'),
        },
        admission: admission.status,
        ...methods.snapshot(view),
        methodsTotal: 2,
        nextAfter: null,
      }),
    );
    const status = readStatus(json);
    assert.equal(status.pools?.slow.size, 10);
    assert.deepEqual(
      status.methods.map(({ key, state }) => [key, state]),
      [
        ['a#c(int)', 'quarantined'],
        ['a#b()', 'healthy'],
      ],
    );
    assert.equal(status.events[0]?.reason, 'checked');
    assert.equal(readMethod(json.methods[1]).state, 'healthy');
  });

  it('lets members by that it does not know', () => {
    const json = { ...statusSample(), shed: { total: 4 } };
    assert.equal(readStatus(json).methodsTotal, 3);
  });

  it('takes pools and admission that are off', () => {
    const status = readStatus(statusSample({ pools: null, admission: null, methods: [] }));
    assert.deepEqual([status.pools, status.admission], [null, null]);
  });

  it('makes text safe for a terminal', () => {
    const reason = '\u001b[2Jgone\nby night';
    const { methods } = readStatus(statusSample({ methods: [quarantinedSample('a#b()\u0007', { reason })] }));
    assert.deepEqual([methods[0]?.key, methods[0]?.reason], ['a#b()', '[2Jgone by night']);
  });

  it('says which member is wrong', () => {
    const expectations: readonly (readonly [json: unknown, message: RegExp])[] = [
      ['text', /^Invalid input: expected object/],
      [null, /expected object/],
      [{ ...statusSample(), pools: undefined }, /^pools: /],
      [{ ...statusSample(), admission: { inFlight: 'many' } }, /^admission\.inFlight: /],
      [statusSample({ methods: [methodSample('a', { since: 'yesterday' })] }), /^methods\.0\.since: /],
      [{ ...statusSample(), events: {} }, /^events: /],
    ];
    for (const [json, message] of expectations) {
      assert.throws(
        () => readStatus(json),
        (error) => error instanceof AnswerShapeError && message.test(error.message),
        String(message),
      );
    }
  });
});

const RULES = {
  enabled: true,
  timeouts: 10,
  windowMs: 10_000,
  slowCallMs: 2_000,
  slowRatio: 0.5,
  minCalls: 20,
  probeShare: 0.05,
  recoverAfter: 5,
  minQuarantineMs: 5_000,
  maxQuarantineMs: 300_000,
};
