import { runCompiled } from '../compiled-process.ts';
import type { GroupJob } from './measure-group.ts';
import type { MicroResult, MicroSettings } from './micro-case.ts';
import { MICRO_GROUPS } from './micro-groups.ts';

export const MICRO_FULL: MicroSettings = { rounds: 7, roundMs: 60, warmUpMs: 500, groupWarmUpMs: 200 };
export const MICRO_QUICK: MicroSettings = { rounds: 5, roundMs: 12, warmUpMs: 60, groupWarmUpMs: 30 };

/** Measures these cases, each group of them in a process of its own. */
export async function runMicro(
  names: readonly string[],
  settings: MicroSettings,
  report: (text: string) => void,
): Promise<MicroResult[]> {
  const results: MicroResult[] = [];
  for (const [group, cases] of MICRO_GROUPS) {
    const chosen = cases().flatMap(({ name }) => (names.includes(name) ? [name] : []));
    if (chosen.length === 0) continue;
    report(`micro: ${chosen.length} of ${group} ...`);
    const job: GroupJob = { group, names: chosen, settings };
    await runCompiled<MicroResult>('micro/measure-group.js', job, (result) => results.push(result));
  }
  return results;
}
