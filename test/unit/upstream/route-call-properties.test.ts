import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PoolOptions } from '../../../src/bulkhead/pool.ts';
import type { PoolsOptions } from '../../../src/bulkhead/pools.ts';
import { CallCrowd, type CrowdCounts, METHODS, PROVIDERS } from './call-crowd.ts';

const STEPS_PER_RUN = 250;
const RUNS = 100;

const rules: fc.Arbitrary<PoolOptions> = fc.record({
  size: fc.integer({ min: 1, max: 6 }),
  maxMethodShare: fc.constantFrom(0.5, 1),
  maxWaitMs: fc.constantFrom(0, 100, 400),
  maxQueue: fc.integer({ min: 1, max: 8 }),
});
const pools: fc.Arbitrary<PoolsOptions> = fc.record({ normal: rules, slow: rules, heartbeat: rules });
const method = fc.integer({ min: 0, max: METHODS.length - 1 });
const which = fc.nat(1_000);

const step = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({ kind: fc.constant('make' as const), method, timeoutMs: fc.integer({ min: 1, max: 600 }) }),
  },
  { weight: 18, arbitrary: fc.record({ kind: fc.constant('answer' as const), which, isResult: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      which,
      reason: fc.constantFrom('connection-lost' as const, 'timeout' as const, 'client-stopped' as const),
      sent: fc.boolean(),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which }) },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.integer({ min: 1, max: 250 }),
      isTickFirst: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      method,
      what: fc.constantFrom('quarantine' as const, 'release' as const, 'pin' as const, 'unpin' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('receive' as const),
      provider: fc.integer({ min: 0, max: PROVIDERS - 1 }),
      reception: fc.constantFrom(
        'take' as const,
        'take' as const,
        'connect-failed' as const,
        'backlog-full' as const,
        'throw' as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('spoil' as const), method, isSpoilt: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resize' as const), pools }) },
);
/** A step, and whether waiting calls begin after it; if not, the next one finds them with a slot and not begun. */
const move = fc.record({ action: step, isSettling: fc.boolean() });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function apply(crowd: CallCrowd, action: Step): void {
  switch (action.kind) {
    case 'make':
      crowd.make(action.method, action.timeoutMs);
      break;
    case 'answer':
      crowd.answer(action.which, action.isResult);
      break;
    case 'fail':
      crowd.fail(action.which, action.reason, action.sent);
      break;
    case 'cancel':
      crowd.cancel(action.which);
      break;
    case 'pass':
      crowd.moveBy(action.ms, action.isTickFirst);
      break;
    case 'order':
      crowd.order(action.method, action.what);
      break;
    case 'receive':
      crowd.receive(action.provider, action.reception);
      break;
    case 'spoil':
      crowd.spoil(action.method, action.isSpoilt);
      break;
    case 'resize':
      crowd.bulkheads.pools.resize(action.pools);
      break;
  }
}

test(`no call is lost or heard of twice and no slot goes astray in ${RUNS * STEPS_PER_RUN} random steps`, async () => {
  const counts: CrowdCounts = {
    made: 0,
    refused: 0,
    waited: 0,
    startedLate: 0,
    failedOver: 0,
    cancelledWaiting: 0,
    cancelledHeld: 0,
    timedOut: 0,
    quarantined: 0,
  };
  await fc.assert(
    fc.asyncProperty(
      pools,
      fc.array(move, { minLength: STEPS_PER_RUN, maxLength: STEPS_PER_RUN, size: 'max' }),
      async (options, steps) => {
        const crowd = new CallCrowd(options, counts);
        for (const { action, isSettling } of steps) {
          apply(crowd, action);
          if (isSettling) await crowd.check();
        }
        await crowd.endAll();
      },
    ),
    { numRuns: RUNS },
  );
  for (const [what, count] of Object.entries(counts)) assert.ok(count >= 20, `${what} happened only ${count} times`);
});
