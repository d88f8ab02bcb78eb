import type { MacroSample } from './macro-sample.ts';

/** A request that costs at most this part of what it costs in the end is at full speed. */
const FULL_SPEED = 1.1;

/**
 * Seconds of load after which a request first cost no more than a tenth above what it costs a warm server: 1 for a server
 * that was that fast within its first second, undefined for one that was not within all of these.
 */
export function fullSpeedSecond(seconds: readonly MacroSample[], warmCpuMicros: number): number | undefined {
  const index = seconds.findIndex(({ cpuMicros }) => cpuMicros <= warmCpuMicros * FULL_SPEED);
  return index === -1 ? undefined : index + 1;
}
