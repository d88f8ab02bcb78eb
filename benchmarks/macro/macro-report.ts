import { formatComparison, formatSpread, summarize } from '../statistics.ts';
import { textTable } from '../text-table.ts';
import { fullSpeedSecond } from './full-speed.ts';
import type { LoopDelay } from './loop-delay.ts';
import { compareTargets } from './macro-goals.ts';
import type { MacroResult, TargetSamples } from './macro-result.ts';
import { BUSY, type MacroSample, medianOf } from './macro-sample.ts';

/** Warm-ups of fewer seconds are too short to tell a trend from noise. */
const MIN_TREND_SECONDS = 12;
/** A server whose requests cost less than this part of what they cost a third of the warm-up ago still gets faster. */
const STILL_FASTER = 0.95;

const HEAD: readonly string[] = [
  'server',
  'CPU us/req',
  'spread',
  'req/s',
  'p50 ms',
  'p99 ms',
  'RSS MB',
  'loop p99/max ms',
  'start s',
  'full speed s',
];

/** A case as a table, with what is to be known about it below. */
export function formatMacroResult(result: MacroResult): string {
  const [first, ...others] = result.targets as [TargetSamples, ...TargetSamples[]];
  const isFirstToEach = result.ratio === 'first to each';
  const head = [...HEAD, isFirstToEach ? `${first.target} is` : `is, of ${first.target}`, 'us more'];
  const rows = result.targets.map((target) => [
    ...figuresOf(target),
    ...(target === first ? ['', ''] : [formatComparison(compareTargets(result, target, 'cpuMicros')), '']),
  ]);
  for (const [index, other] of others.entries()) {
    const [more, less] = isFirstToEach ? [first, other] : [other, first];
    rows[index + 1]![rows[0]!.length - 1] = moreText(cpuOf(more.samples), cpuOf(less.samples));
  }
  const notes = [
    ...result.notes,
    ...result.targets.flatMap(({ target, samples, warmUp }) => [
      ...warmUpNoteOf(target, warmUp),
      ...(result.isPaced ? [] : busyNoteOf(target, samples)),
    ]),
  ];
  if (others.length === 0) notes.push('no baseline was measured: these figures say nothing by themselves');
  const { name, summary, answerBytes } = result;
  return [
    `${name}  (${summary}; answer ${answerBytes} bytes)\n`,
    textTable(head, rows),
    ...notes.map((note) => `  ${note}\n`),
  ].join('');
}

function figuresOf({ target, samples, warmUp, readyMs, loopDelay }: TargetSamples): string[] {
  const cpu = summarize(cpuOf(samples));
  return [
    target,
    cpu.median.toFixed(1),
    formatSpread(cpu),
    medianOf(samples, 'requestsPerSecond').toFixed(0),
    medianOf(samples, 'p50Ms').toFixed(1),
    medianOf(samples, 'p99Ms').toFixed(1),
    (medianOf(samples, 'residentBytes') / 1024 ** 2).toFixed(0),
    loopDelayText(loopDelay),
    ...(readyMs === undefined ? ['', ''] : [(readyMs / 1000).toFixed(1), fullSpeedText(warmUp, cpu.median)]),
  ];
}

function loopDelayText(delay: LoopDelay | undefined): string {
  return delay === undefined ? '--' : `${delay.p99Ms.toFixed(1)}/${delay.maxMs.toFixed(0)}`;
}

/** What one takes more than the other, round by round, with half the distance between the quartiles. */
function moreText(more: readonly number[], less: readonly number[]): string {
  const { median, spread } = summarize(more.map((micros, round) => micros - less[round]!));
  return `${median.toFixed(1)} ±${Math.abs(median * spread).toFixed(1)}`;
}

function fullSpeedText(warmUp: readonly MacroSample[], roundsCpuMicros: number): string {
  return String(fullSpeedSecond(warmUp, roundsCpuMicros) ?? `over ${warmUp.length}`);
}

/** Says so where a server was not warm yet when its rounds began: they are then too high. */
function warmUpNoteOf(target: string, warmUp: readonly MacroSample[]): string[] {
  if (warmUp.length < MIN_TREND_SECONDS) return [];
  const third = Math.floor(warmUp.length / 3);
  const [before, last] = [warmUp.slice(-2 * third, -third), warmUp.slice(-third)];
  if (medianOf(last, 'cpuMicros') >= medianOf(before, 'cpuMicros') * STILL_FASTER) return [];
  return [`${target} was still getting faster at the end of its warm-up of ${warmUp.length} s: it can do better`];
}

/** Says who was the bottleneck where it was not the server: requests per second and latencies are then not its own. */
function busyNoteOf(target: string, samples: readonly MacroSample[]): string[] {
  const server = medianOf(samples, 'serverBusy');
  const others = medianOf(samples, 'othersBusy');
  if (server >= BUSY) return [];
  const provider = medianOf(samples, 'providerCpuMicros');
  const load = medianOf(samples, 'loadCpuMicros');
  const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;
  const costs = `the load costs ${load.toFixed(0)} us, the provider ${provider.toFixed(0)} us a request`;
  if (others < BUSY) {
    return [`${target} used ${percent(server)} of its core: something else on this machine took time (${costs})`];
  }
  const culprit = provider > load ? 'the mock provider' : 'the load';
  return [`${target} used ${percent(server)} of its core, because ${culprit} was the bottleneck (${costs})`];
}

function cpuOf(samples: readonly MacroSample[]): number[] {
  return samples.map((sample) => sample.cpuMicros);
}
