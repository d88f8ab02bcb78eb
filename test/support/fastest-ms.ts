/** Time in ms of the fastest of some runs: a busy machine slows single runs, not all. */
export function fastestMs(runs: number, action: () => void): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    action();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}
