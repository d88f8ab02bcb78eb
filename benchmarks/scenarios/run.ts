/** `npm run scenario -- NAME ... [--quick]`: plays stories on a gateway of its own and shows what happened. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, formatMachine } from '../machine.ts';
import { stopAllServers } from '../macro/server-process.ts';
import { GATEWAY } from '../macro/targets.ts';
import { RESULTS_FOLDER } from '../results-file.ts';
import { svgChart } from './report/svg-chart.ts';
import { plotForTerminal } from './report/terminal-plot.ts';
import { openProcessStage } from './stage/process-stage.ts';
import { backendLatencyStory } from './stories/backend-latency-story.ts';
import { oneSlowMethodStory } from './stories/one-slow-method-story.ts';
import { operatorStory } from './stories/operator-story.ts';
import { overloadStory } from './stories/overload-story.ts';
import { stallStory } from './stories/stall-story.ts';
import type { Story } from './stories/story.ts';
import { twoSlowMethodsStory } from './stories/two-slow-methods-story.ts';

const STORIES: readonly Story[] = [
  oneSlowMethodStory,
  twoSlowMethodsStory,
  stallStory,
  backendLatencyStory,
  overloadStory,
  operatorStory,
];

const HELP = `Plays stories about overload and slow methods on the built gateway, and shows what happened.

Usage: npm run scenario -- [options] STORY ...

  --quick    shorter phases
  --help     print this

Stories, all of them where none is named:
${STORIES.map(({ name, summary }) => `  ${name.padEnd(18)} ${summary}\n`).join('')}
Charts go to benchmarks/results/ as SVG. benchmarks/README.md has the last figures.
`;

/** A run that takes longer hangs. */
const MAX_RUN_MS = 20 * 60_000;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAllServers().then(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
}
setTimeout(() => {
  process.stderr.write(`stopped: the stories took longer than ${MAX_RUN_MS / 60_000} minutes\n`);
  process.exit(1);
}, MAX_RUN_MS).unref();

/** A mistake on the command line. */
class UsageError extends Error {}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`scenario: ${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
} finally {
  await stopAllServers();
}

async function run(words: string[]): Promise<void> {
  const { values, positionals } = parseWords(words);
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const stories = positionals.length === 0 ? STORIES : positionals.map(storyOf);
  process.stdout.write(formatMachine(describeMachine()));
  const problem = GATEWAY.prepare();
  if (problem !== undefined) throw new Error(`the gateway cannot be built: ${problem}`);
  for (const story of stories) {
    process.stderr.write(`${story.name} ...\n`);
    await show(story, values.quick ?? false);
  }
}

async function show(story: Story, isQuick: boolean): Promise<void> {
  const { tables, charts, notes } = await story.tell(openProcessStage, isQuick);
  process.stdout.write(`\n== ${story.name}: ${story.summary}\n`);
  for (const { title, text } of tables) process.stdout.write(`\n${title}\n${text}`);
  mkdirSync(RESULTS_FOLDER, { recursive: true });
  for (const { file, chart } of charts) {
    const path = join(RESULTS_FOLDER, `${file}.svg`);
    writeFileSync(path, svgChart(chart));
    process.stdout.write(`\n${plotForTerminal(chart)}\n  written to ${relative(process.cwd(), path)}\n`);
  }
  for (const note of notes) process.stdout.write(`\n  ${note}\n`);
}

function storyOf(name: string): Story {
  const story = STORIES.find((known) => known.name === name);
  if (story === undefined) {
    throw new UsageError(`there is no story "${name}". There are: ${STORIES.map((known) => known.name).join(', ')}`);
  }
  return story;
}

function parseWords(words: string[]) {
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: { quick: { type: 'boolean' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
