import { parseArgs } from 'node:util';

/** What `npm run bench -- ...` asks for. */
export interface BenchRequest {
  readonly quick: boolean;
  readonly profile: boolean;
  readonly help: boolean;
  /** Names or beginnings of names; empty for all. */
  readonly names: readonly string[];
}

/** A mistake on the command line. */
export class UsageError extends Error {}

export const BENCH_HELP = `Measures what the gateway costs, beside baselines in the same run.

Usage: npm run bench -- [options] [case ...]

  micro                all cases of one function beside hessian.js and JSON
  hostile              answers made to do harm: what they cost, and what other routes feel
  gateway              all cases of the whole gateway beside its peers
  gateway/small        one case; all are named below

  --quick              fewer and shorter rounds, no webflux-dubbo, no long cases: two minutes for everything
  --profile            run the gateway under node's CPU profiler and print its largest costs instead
  --help               print this and the names of all cases

Results go to benchmarks/results/ as JSON, with a chart in bench.svg. benchmarks/README.md says how it is measured.
`;

/** @throws UsageError for an unknown option or a name that no case starts with */
export function readCommandLine(words: readonly string[], caseNames: readonly string[]): BenchRequest {
  const { values, positionals } = parseWords(words);
  for (const name of positionals) {
    if (caseNames.some((known) => isPartOf(name, known))) continue;
    throw new UsageError(`there is no case "${name}". There are: ${caseNames.join(', ')}`);
  }
  return {
    quick: values.quick ?? false,
    profile: values.profile ?? false,
    help: values.help ?? false,
    names: positionals,
  };
}

/** Whether a case is meant by what is named; where nothing is, all are. */
export function isChosen(caseName: string, names: readonly string[]): boolean {
  return names.length === 0 || names.some((name) => isPartOf(name, caseName));
}

/** Whether a name on the command line stands for a case: its name, or the part of it before a slash. */
function isPartOf(name: string, caseName: string): boolean {
  return caseName === name || caseName.startsWith(`${name}/`);
}

function parseWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean' },
        profile: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
