import { compare, formatComparison, formatSpread, summarize } from '../statistics.ts';
import { textTable } from '../text-table.ts';
import { BUSY, type MacroSample, medianOf } from './macro-sample.ts';
import type { MacroResult } from './run-case.ts';

/** A request that costs at most this part of the median of the rounds is at full speed. */
const FULL_SPEED = 1.1;
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
  'start s',
  'full speed s',
  'gateway is',
  'us more',
];

/** A case as a table, with what is to be known about it below. */
export function formatMacroResult(result: MacroResult): string {
  const [gateway, ...baselines] = result.targets;
  const gatewayCpu = cpuOf(gateway!.samples);
  const rows = result.targets.map(({ target, samples, warmUp, readyMs }) => {
    const cpu = summarize(cpuOf(samples));
    const comparison = samples === gateway!.samples ? '' : formatComparison(compare(gatewayCpu, cpuOf(samples)));
    return [
      target,
      cpu.median.toFixed(1),
      formatSpread(cpu),
      medianOf(samples, 'requestsPerSecond').toFixed(0),
      medianOf(samples, 'p50Ms').toFixed(1),
      medianOf(samples, 'p99Ms').toFixed(1),
      (medianOf(samples, 'residentBytes') / 1024 ** 2).toFixed(0),
      ...(readyMs === undefined ? ['', ''] : [(readyMs / 1000).toFixed(1), fullSpeedText(warmUp, cpu.median)]),
      comparison,
      samples === gateway!.samples ? '' : moreText(gatewayCpu, cpuOf(samples)),
    ];
  });
  const notes = result.targets.flatMap(({ target, samples, warmUp }) => [
    ...warmUpNoteOf(target, warmUp),
    ...noteOf(target, samples),
  ]);
  if (baselines.length === 0) notes.push('no baseline was measured: these figures say nothing by themselves');
  const { name, summary, answerBytes } = result;
  return [
    `${name}  (${summary}; answer ${answerBytes} bytes)\n`,
    textTable(HEAD, rows),
    ...notes.map((note) => `  ${note}\n`),
  ].join('');
}

/** What the gateway takes more than a baseline, round by round, with half the distance between the quartiles. */
function moreText(gateway: readonly number[], baseline: readonly number[]): string {
  const { median, spread } = summarize(gateway.map((micros, round) => micros - baseline[round]!));
  return `${median.toFixed(1)} ±${Math.abs(median * spread).toFixed(1)}`;
}

/**
 * Seconds of load after which a request first cost no more than a tenth above what it costs in the rounds. A server that
 * was that fast within its first second says 1.
 */
function fullSpeedText(warmUp: readonly MacroSample[], roundsCpuMicros: number): string {
  const second = warmUp.findIndex(({ cpuMicros }) => cpuMicros <= roundsCpuMicros * FULL_SPEED);
  return second === -1 ? `over ${warmUp.length}` : String(second + 1);
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
function noteOf(target: string, samples: readonly MacroSample[]): string[] {
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
