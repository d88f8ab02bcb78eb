import { runCompiled } from '../compiled-process.ts';
import type { HostileResult, HostileSettings } from './hostile-case.ts';
import type { HostileJob } from './measure-hostile.ts';

export const HOSTILE_FULL: HostileSettings = { rounds: 60, roundMs: 5, warmUpMs: 800, partOfAnswers: 1 };
export const HOSTILE_QUICK: HostileSettings = { rounds: 12, roundMs: 3, warmUpMs: 200, partOfAnswers: 0.2 };

/** Measures these cases, each in a process of its own. */
export async function runHostile(
  names: readonly string[],
  settings: HostileSettings,
  report: (text: string) => void,
): Promise<HostileResult[]> {
  const results: HostileResult[] = [];
  for (const name of names) {
    report(`${name} ...`);
    const job: HostileJob = { name, settings };
    await runCompiled<HostileResult>('hostile/measure-hostile.js', job, (result) => results.push(result), [
      '--expose-gc',
    ]);
  }
  return results;
}

/** About how long so many cases take: warm-up and rounds of two ways, and about as long again for the answers. */
export function hostileSeconds(count: number, { rounds, roundMs, warmUpMs, partOfAnswers }: HostileSettings): number {
  return (count * (2 * warmUpMs + 4 * rounds * roundMs + 1_500 * partOfAnswers + 300)) / 1000;
}
