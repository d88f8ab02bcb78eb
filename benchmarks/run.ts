/** `npm run bench`: see the help text in command-line.ts and the method in README.md. */
import { BENCH_HELP, type BenchRequest, isPartOf, readCommandLine, UsageError } from './command-line.ts';
import { formatGoals } from './goals.ts';
import { describeMachine, formatMachine } from './machine.ts';
import { MACRO_CASES, type MacroCase } from './macro/macro-cases.ts';
import { formatMacroResult } from './macro/macro-report.ts';
import { USAGE_SOURCE } from './macro/process-usage.ts';
import { profileCases } from './macro/profile-cases.ts';
import type { MacroSettings } from './macro/run-case.ts';
import { runMacro } from './macro/run-macro.ts';
import { stopAllServers } from './macro/server-process.ts';
import type { MicroSettings } from './micro/micro-case.ts';
import { microGoals } from './micro/micro-goals.ts';
import { MICRO_CASE_NAMES } from './micro/micro-groups.ts';
import { formatMicroResults } from './micro/micro-report.ts';
import { MICRO_FULL, MICRO_QUICK, runMicro } from './micro/run-micro.ts';
import { writeResults } from './results-file.ts';

const MACRO_FULL: MacroSettings = {
  rounds: 7,
  secondsPerRound: 3,
  warmUpSeconds: { short: 5, long: 120, again: 15 },
  connections: 64,
};
const MACRO_QUICK: MacroSettings = {
  rounds: 5,
  secondsPerRound: 1,
  warmUpSeconds: { short: 2, long: 20, again: 5 },
  connections: 64,
};
/** A benchmark that takes longer hangs. */
const MAX_RUN_MS = 15 * 60_000;

const names = [...MICRO_CASE_NAMES, ...MACRO_CASES.map(({ name }) => name)];

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAllServers().then(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
}
setTimeout(() => {
  process.stderr.write(`stopped: the benchmark took longer than ${MAX_RUN_MS / 60_000} minutes\n`);
  process.exit(1);
}, MAX_RUN_MS).unref();

try {
  await run(readCommandLine(process.argv.slice(2), names));
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
} finally {
  await stopAllServers();
}

async function run(request: BenchRequest): Promise<void> {
  if (request.help) {
    process.stdout.write(`${BENCH_HELP}\nCases:\n${names.map((name) => `  ${name}\n`).join('')}`);
    return;
  }
  const isChosen = (name: string): boolean =>
    request.names.length === 0 || request.names.some((part) => isPartOf(part, name));
  const macroCases = MACRO_CASES.filter(({ name }) => isChosen(name));
  process.stdout.write(formatMachine(describeMachine()));
  if (request.profile) {
    if (macroCases.length === 0) throw new UsageError('--profile is for cases of the whole gateway');
    await profileCases(macroCases, (text) => process.stdout.write(`\n${text}`));
    return;
  }
  const microNames = MICRO_CASE_NAMES.filter(isChosen);
  if (microNames.length > 0) await runMicroCases(microNames, request.quick ? MICRO_QUICK : MICRO_FULL);
  if (macroCases.length > 0) await runMacroCases(macroCases, request.quick ? MACRO_QUICK : MACRO_FULL);
}

async function runMicroCases(microNames: readonly string[], settings: MicroSettings): Promise<void> {
  const machine = describeMachine();
  const results = await runMicro(microNames, settings, (text) => process.stderr.write(`${text}\n`));
  const goals = microGoals(results);
  process.stdout.write(`\n${formatMicroResults(results)}\n${formatGoals(goals)}`);
  process.stdout.write(`  written to ${writeResults('micro', { machine, settings, goals, results })}\n`);
}

async function runMacroCases(cases: readonly MacroCase[], settings: MacroSettings): Promise<void> {
  const machine = describeMachine();
  const { rounds, secondsPerRound, connections } = settings;
  const measured = await runMacro(cases, settings, (text) => process.stderr.write(`${text}\n`));
  for (const skipped of measured.skipped) process.stdout.write(`\nSKIPPED ${skipped}\n`);
  for (const result of measured.results) process.stdout.write(`\n${formatMacroResult(result)}`);
  process.stdout.write(
    `\n  ${rounds} rounds of ${secondsPerRound} s, ${connections} connections; ${measured.cores}; ${USAGE_SOURCE}\n` +
      `  written to ${writeResults('gateway', { machine, settings, ...measured })}\n`,
  );
}
