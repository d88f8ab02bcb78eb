import { readFileSync } from 'node:fs';

/**
 * How many files and sockets a process may have open at a time; as many as it likes where the system does not say. Node
 * raises its own limit to the hard one (`ulimit -Hn`).
 */
export function openFileLimit(pid: number): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY;
  const limit = /^Max open files\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))![1]!;
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}
