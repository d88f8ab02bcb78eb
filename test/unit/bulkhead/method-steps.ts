import fc from 'fast-check';
import type { QuarantineRules } from '../../../src/bulkhead/method-rules.ts';
import type { CallVerdict } from '../../../src/bulkhead/method-window.ts';
import { DEFAULT_RULES } from './method-driver.ts';

/** Rules under which a few random steps are enough for every change of state. */
export const QUICK_RULES: QuarantineRules = {
  ...DEFAULT_RULES,
  timeouts: 3,
  windowMs: 2_000,
  slowCallMs: 400,
  minCalls: 4,
  probeShare: 0.25,
  recoverAfter: 2,
  minQuarantineMs: 1_000,
  maxQuarantineMs: 4_000,
};

/** One thing that happens to a method. `at` picks one of the calls in flight, or one of several methods. */
export interface MethodStep {
  readonly kind: 'start' | 'refuse' | 'end' | 'tick' | 'quarantine' | 'release' | 'pin' | 'unpin';
  /** Time that passes before. */
  readonly passMs: number;
  readonly verdict: CallVerdict;
  readonly at: number;
}

const kind = fc.oneof(
  { weight: 30, arbitrary: fc.constant('start' as const) },
  { weight: 30, arbitrary: fc.constant('end' as const) },
  { weight: 10, arbitrary: fc.constant('tick' as const) },
  { weight: 4, arbitrary: fc.constant('refuse' as const) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('quarantine' as const, 'release' as const, 'pin' as const, 'unpin' as const),
  },
);
const passMs = fc.oneof(
  { weight: 20, arbitrary: fc.constant(0) },
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 100 }) },
  { weight: 4, arbitrary: fc.integer({ min: 100, max: 1_200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 9_000 }) },
);
const verdict = fc.oneof(
  { weight: 12, arbitrary: fc.constant('ok' as const) },
  { weight: 6, arbitrary: fc.constant('timeout' as const) },
  { weight: 3, arbitrary: fc.constantFrom('exception' as const, 'neutral' as const, 'cancelled' as const) },
);

const step: fc.Arbitrary<MethodStep> = fc.record({ kind, passMs, verdict, at: fc.nat(1_000) });

/** A history of up to this many steps, of half as many on average. */
export function methodSteps(maxLength: number): fc.Arbitrary<MethodStep[]> {
  return fc.array(step, { maxLength, size: 'max' });
}
