import { cpus, loadavg, totalmem } from 'node:os';

/** Where figures come from. They mean nothing without it. */
export interface Machine {
  readonly platform: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Mean number of running processes over the last minute, before the run. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    loadBefore: loadavg()[0]!,
  };
}

/** Two lines for people; the second is a warning, and only there when the machine is busy with other things. */
export function formatMachine(machine: Machine): string {
  const { platform, node, cpu, cores, memoryGiB, loadBefore } = machine;
  const text = `${platform}, Node ${node}, ${cores} x ${cpu}, ${memoryGiB} GiB, load ${loadBefore.toFixed(2)}\n`;
  if (loadBefore < cores / 4) return text;
  return `${text}WARNING: other processes are running; compare ratios only, and run again on a quiet machine.\n`;
}
