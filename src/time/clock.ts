/** The two clocks of the gateway. Pure parts never read one: they are handed `nowMs`. */
export interface Clock {
  /** Milliseconds on a clock that never goes back; its zero has no meaning. For durations and deadlines. */
  nowMs(): number;
  /** Milliseconds since 1970 UTC. Can jump; for display and dates only. */
  wallMs(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
};
