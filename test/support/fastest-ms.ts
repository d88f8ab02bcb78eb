/**
 * CPU time of this process in ms, user and system. Unlike the wall clock it does not count the time in which other
 * processes had the core, so a bound on it holds on a busy machine too.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** CPU time in ms of the fastest of some runs: a collection of garbage slows single runs, not all. */
export function fastestMs(runs: number, action: () => void): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = cpuMs();
    action();
    fastest = Math.min(fastest, cpuMs() - start);
  }
  return fastest;
}
