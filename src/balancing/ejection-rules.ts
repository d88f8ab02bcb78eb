/**
 * When a provider is left out for the outcome of its calls, and for how long. Names, units and defaults are those of
 * `ejection` in the configuration, which also checks them.
 */
export interface EjectionRules {
  /** Failed calls in a row that eject a provider. */
  readonly consecutiveFailures: number;
  /** Least number of calls within `windowMs` for the two rules below to mean anything. */
  readonly minCalls: number;
  /** Share of failed calls, above 0 and up to 1, that ejects a provider if it is also twice that of the fleet. */
  readonly errorRatio: number;
  /** How many times the latency of the fleet ejects a provider; above 1. */
  readonly latencyFactor: number;
  /** Time in ms a provider is out the first time; the n-th time it is n times as long. */
  readonly baseEjectionMs: number;
  /** Most that this time in ms grows to. */
  readonly maxEjectionMs: number;
  /** Most of a list that may be out at a time, from 0 to 0.5. */
  readonly maxEjectedShare: number;
  /** Length in ms of the time that is looked back on. */
  readonly windowMs: number;
}
