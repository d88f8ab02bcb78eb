import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used since its start, all its threads together, and those that it has started and that still run. */
export interface ProcessUsage {
  /** User and system time in microseconds. */
  readonly cpuMicros: number;
  readonly residentBytes: number;
}

/** Linux counts in hundredths of a second towards programs, whatever its own clock does (`USER_HZ`). */
const MICROS_PER_TICK = 10_000;

/** How `readUsage` knows, for the report. */
export const USAGE_SOURCE =
  process.platform === 'linux'
    ? 'user + system time of /proc/PID/stat (steps of 10 ms)'
    : 'time of ps (steps of 10 ms to 1 s: prefer long rounds)';

/** @throws Error when there is no such process */
export function readUsage(pid: number): ProcessUsage {
  const [read, children] = process.platform === 'linux' ? [readProc, procChildren] : [readPs, psChildren];
  const usages = [read(pid), ...children(pid).map(readUsageOfChild)];
  return {
    cpuMicros: usages.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0),
    residentBytes: usages.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

/** One that has ended meanwhile has used nothing. */
function readUsageOfChild(pid: number): ProcessUsage {
  try {
    return readUsage(pid);
  } catch {
    return { cpuMicros: 0, residentBytes: 0 };
  }
}

function procChildren(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).flatMap((thread) => numbersIn(readChildrenFile(`${folder}/${thread}/children`)));
}

/** A thread that has ended meanwhile has started nothing; a JVM ends threads of its compiler and its pools all the time. */
function readChildrenFile(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function psChildren(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'latin1' }).split('\n').map(numbersIn);
  return rows.flatMap(([child, parent]) => (parent === pid ? [child!] : []));
}

function numbersIn(text: string): number[] {
  return text.split(/\s+/).filter(Boolean).map(Number);
}

function readProc(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the name in parentheses and may hold spaces; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return {
    cpuMicros: (Number(fields[11]) + Number(fields[12])) * MICROS_PER_TICK,
    residentBytes: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024,
  };
}

function readPs(pid: number): ProcessUsage {
  const text = execFileSync('ps', ['-o', 'time=,rss=', '-p', String(pid)], { encoding: 'latin1' });
  const [time, kilobytes] = text.trim().split(/\s+/) as [string, string];
  let seconds = 0;
  for (const part of time.split(/[-:]/)) seconds = seconds * 60 + Number(part);
  return { cpuMicros: seconds * 1_000_000, residentBytes: Number(kilobytes) * 1024 };
}
