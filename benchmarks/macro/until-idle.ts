import { setTimeout as delay } from 'node:timers/promises';
import { readUsage } from './process-usage.ts';

const WINDOW_MS = 100;
/** One step of the clock that CPU time is counted by. */
const IDLE_MICROS = 10_000;

/** Waits until a process without load has nothing left to do, such as code to compile; at most `limitMs`. */
export async function untilIdle(pid: number, limitMs: number): Promise<void> {
  let cpuMicros = readUsage(pid).cpuMicros;
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += WINDOW_MS) {
    await delay(WINDOW_MS);
    const before = cpuMicros;
    cpuMicros = readUsage(pid).cpuMicros;
    if (cpuMicros - before <= IDLE_MICROS) return;
  }
}
