/**
 * CPU time of this process in ms, user and system, of all its threads. Unlike the wall clock it does not count the time
 * in which other processes had the core.
 */
export function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
