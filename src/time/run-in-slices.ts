import type { Clock } from './clock.ts';

/** Work that can be interrupted at each `yield`. */
export type Steps<T> = Generator<undefined, T>;

/** Longest time in ms that steps run without a turn of the event loop. */
const SLICE_MS = 5;

/** Runs all steps at once. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Runs steps with a turn of the event loop after every few ms, so that what else is to be done is done meanwhile. */
export async function runInSlices<T>(steps: Steps<T>, clock: Clock): Promise<T> {
  for (;;) {
    const untilMs = clock.nowMs() + SLICE_MS;
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (clock.nowMs() < untilMs);
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
