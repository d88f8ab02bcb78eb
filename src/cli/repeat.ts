/**
 * Does something again and again, with a pause of `intervalMs` in between, until the signal aborts. Rejects with what
 * `step` rejects with, unless the signal has aborted by then.
 */
export async function repeat(step: () => Promise<void>, intervalMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await step();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    await pause(intervalMs, signal);
  }
}

/** Resolves after so many ms, or at once when the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
