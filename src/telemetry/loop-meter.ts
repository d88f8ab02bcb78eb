/** For how long, in ms since it started, an event loop has waited for something to do and has done something. */
export interface LoopTimes {
  readonly idle: number;
  readonly active: number;
}

/** Reads the times of an event loop. */
export type LoopMeter = () => LoopTimes;

/** The meter of this thread's event loop. */
export const systemLoopMeter: LoopMeter = () => performance.eventLoopUtilization();
