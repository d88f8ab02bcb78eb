/** Only a failure takes so long: it is far more than anything takes, also on a busy machine, which stands still for a while. */
const DEFAULT_LIMIT_MS = 60_000;
const LOOK_AGAIN_MS = 2;

/** Waits until a condition holds; throws what did not come within `limitMs`, by default a minute. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  limitMs = DEFAULT_LIMIT_MS,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
