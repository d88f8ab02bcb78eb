/** `npm run bench`: see the help text in command-line.ts and the method in README.md. */
import { BENCH_HELP, type BenchRequest, isChosen, readCommandLine, UsageError } from './command-line.ts';
import { formatGoals, type Goal } from './goals.ts';
import type { HostileSettings } from './hostile/hostile-case.ts';
import { HOSTILE_CASES } from './hostile/hostile-cases.ts';
import { formatHostileResults, hostileGoals } from './hostile/hostile-report.ts';
import { HOSTILE_FULL, HOSTILE_QUICK, hostileSeconds, runHostile } from './hostile/run-hostile.ts';
import { describeMachine, formatMachine } from './machine.ts';
import { chooseCases } from './macro/chosen-cases.ts';
import { MACRO_CASES, type MacroCase } from './macro/macro-cases.ts';
import { macroSeconds } from './macro/macro-duration.ts';
import type { MacroResult } from './macro/macro-result.ts';
import { MACRO_FULL, MACRO_QUICK, type MacroSettings } from './macro/macro-settings.ts';
import { USAGE_SOURCE } from './macro/process-usage.ts';
import { profileCases } from './macro/profile-cases.ts';
import { runMacro } from './macro/run-macro.ts';
import { stopAllServers } from './macro/server-process.ts';
import type { MicroResult, MicroSettings } from './micro/micro-case.ts';
import { microGoals } from './micro/micro-goals.ts';
import { MICRO_CASE_NAMES } from './micro/micro-groups.ts';
import { formatMicroResults } from './micro/micro-report.ts';
import { MICRO_FULL, MICRO_QUICK, runMicro } from './micro/run-micro.ts';
import { benchChart } from './report/bench-chart.ts';
import { svgBars } from './report/svg-bars.ts';
import { writeResultFile, writeResults } from './results-file.ts';

/** A benchmark that takes longer hangs. */
const MAX_RUN_MS = 30 * 60_000;

const HOSTILE_NAMES = HOSTILE_CASES.map(({ name }) => name);
const names = [...MICRO_CASE_NAMES, ...HOSTILE_NAMES, ...MACRO_CASES.map(({ name }) => name)];

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
  const { chosen: macroCases, leftOut } = chooseCases(MACRO_CASES, request);
  process.stdout.write(formatMachine(describeMachine()));
  if (request.profile) {
    if (macroCases.length === 0) throw new UsageError('--profile is for cases of the whole gateway');
    await profileCases(macroCases, (text) => process.stdout.write(`\n${text}`));
    return;
  }
  const microNames = MICRO_CASE_NAMES.filter((name) => isChosen(name, request.names));
  const hostileNames = HOSTILE_NAMES.filter((name) => isChosen(name, request.names));
  const [micro, hostile, macro] = request.quick
    ? [MICRO_QUICK, HOSTILE_QUICK, MACRO_QUICK]
    : [MICRO_FULL, HOSTILE_FULL, MACRO_FULL];
  const seconds =
    microSeconds(microNames.length, micro) +
    hostileSeconds(hostileNames.length, hostile) +
    macroSeconds(macroCases, macro);
  process.stdout.write(`about ${minutesText(seconds)}\n${leftOut.map((text) => `LEFT OUT ${text}\n`).join('')}`);
  const startMs = performance.now();
  const goals: Goal[] = [];
  const drawn: { micro: readonly MicroResult[]; macro: readonly MacroResult[] } = { micro: [], macro: [] };
  if (microNames.length > 0) {
    const measured = await runMicroCases(microNames, micro);
    drawn.micro = measured.results;
    goals.push(...measured.goals);
  }
  if (hostileNames.length > 0) goals.push(...(await runHostileCases(hostileNames, hostile)));
  if (macroCases.length > 0) {
    const measured = await runMacroCases(macroCases, macro);
    drawn.macro = measured.results;
    goals.push(...measured.goals);
  }
  const chart = benchChart(formatMachine(describeMachine()).split('\n')[0]!, drawn.macro, drawn.micro);
  if (chart !== undefined) process.stdout.write(`\n  drawn in ${writeResultFile('bench.svg', svgBars(chart))}\n`);
  process.stdout.write(`\n${formatGoals(goals)}\nit took ${minutesText((performance.now() - startMs) / 1000)}\n`);
}

/** What is drawn, and what it ought to be. */
interface Measured<Result> {
  readonly results: readonly Result[];
  readonly goals: readonly Goal[];
}

async function runMicroCases(microNames: readonly string[], settings: MicroSettings): Promise<Measured<MicroResult>> {
  const machine = describeMachine();
  const results = await runMicro(microNames, settings, (text) => process.stderr.write(`${text}\n`));
  const goals = microGoals(results);
  process.stdout.write(`\n${formatMicroResults(results)}`);
  process.stdout.write(`  written to ${writeResults('micro', { machine, settings, goals, results })}\n`);
  return { results, goals };
}

async function runHostileCases(hostileNames: readonly string[], settings: HostileSettings): Promise<readonly Goal[]> {
  const machine = describeMachine();
  const results = await runHostile(hostileNames, settings, (text) => process.stderr.write(`${text}\n`));
  const goals = hostileGoals(results);
  process.stdout.write(`\n${formatHostileResults(results)}`);
  process.stdout.write(`  written to ${writeResults('hostile', { machine, settings, goals, results })}\n`);
  return goals;
}

async function runMacroCases(cases: readonly MacroCase[], settings: MacroSettings): Promise<Measured<MacroResult>> {
  const machine = describeMachine();
  const { rounds, secondsPerRound, connections } = settings;
  const measured = await runMacro(
    cases,
    settings,
    (text) => process.stderr.write(`${text}\n`),
    (text, goals) => process.stdout.write(`\n${text}${goals.map((goal) => `  ${goalLine(goal)}\n`).join('')}`),
  );
  for (const skipped of measured.skipped) process.stdout.write(`\nSKIPPED ${skipped}\n`);
  process.stdout.write(
    `\n  ${rounds} rounds of ${secondsPerRound} s, ${connections} connections; ${measured.cores}; ${USAGE_SOURCE}\n` +
      `  written to ${writeResults('gateway', { machine, settings, ...measured })}\n`,
  );
  return measured;
}

function goalLine({ what, goal, figure, met }: Goal): string {
  return `goal ${met ? 'met' : 'MISSED'}: ${what} ${goal}: ${figure}`;
}

/** Both ways of each case, with their warm-up; a little more for processes that start. */
function microSeconds(count: number, { rounds, roundMs, warmUpMs, groupWarmUpMs }: MicroSettings): number {
  return (count * (2 * (rounds * roundMs + warmUpMs + groupWarmUpMs) + 200)) / 1000;
}

function minutesText(seconds: number): string {
  return seconds < 100 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} minutes`;
}
