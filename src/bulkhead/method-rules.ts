/**
 * When a method counts as slow, and what it has to show to come back. One object a method; a service or method can have
 * its own. Names, units and defaults are those of `bulkhead.quarantine` in the configuration, which also checks them.
 */
export interface QuarantineRules {
  /** False where quarantine is `off`: calls are counted, and only an operator changes the state. */
  readonly enabled: boolean;
  /** Calls timed out within `windowMs` that put the method in quarantine. */
  readonly timeouts: number;
  /** Length in ms of the time that is looked back on. */
  readonly windowMs: number;
  /** A call that has lasted this long in ms is slow, whether it has ended or not. */
  readonly slowCallMs: number;
  /** Share of slow calls, above 0 and up to 1, that puts the method in quarantine. */
  readonly slowRatio: number;
  /** Least number of calls within `windowMs` for `slowRatio` to mean anything. */
  readonly minCalls: number;
  /** Share of the calls in quarantine, from 0 to 1, that are probes. There is one a second at least. */
  readonly probeShare: number;
  /** Passed probes in a row that bring the method back. */
  readonly recoverAfter: number;
  /** Least time in ms in quarantine, the first time. Each relapse doubles it. */
  readonly minQuarantineMs: number;
  /** Most that the least time in ms in quarantine grows to. */
  readonly maxQuarantineMs: number;
}

/**
 * The longest a probe may take to pass: three quarters of `slowCallMs`. A method has to come back with something to
 * spare, or it would be in quarantine again with the next breeze; more than a quarter would keep out for good a method
 * that was never called slow.
 */
export function probePassMs(rules: QuarantineRules): number {
  return rules.slowCallMs * 0.75;
}

/**
 * How long a method has to stay healthy until its relapses are forgotten: `maxQuarantineMs`, since who was well for
 * longer than the longest quarantine has shown more than any quarantine would have waited for. Who relapses sooner, again
 * and again, ends up in quarantine for half of the time at least.
 */
export function forgetAfterMs(rules: QuarantineRules): number {
  return rules.maxQuarantineMs;
}

/** Least time in ms in quarantine after this many relapses. */
export function leastQuarantineMs(rules: QuarantineRules, relapses: number): number {
  return Math.min(rules.maxQuarantineMs, rules.minQuarantineMs * 2 ** Math.min(relapses, 40));
}

/** A length of time in words. */
export function durationText(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms) / 1_000} s`;
}
