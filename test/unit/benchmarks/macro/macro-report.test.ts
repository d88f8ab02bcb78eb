import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatMacroResult } from '../../../../benchmarks/macro/macro-report.ts';
import type { MacroResult, TargetSamples } from '../../../../benchmarks/macro/macro-result.ts';
import { sampleOf } from './sample-of.ts';

describe('formatMacroResult', () => {
  it('says when a server started, and after how many seconds of load it was at full speed', () => {
    const peer = { ...targetOf('peer', [Number.POSITIVE_INFINITY, 900, 111, 109, 100]), readyMs: 12_345 };
    const text = report(targetOf('gateway', [120, 50, 51]), peer);
    assert.match(column(text, 'gateway', 'start s', 'full speed s'), /^ +0\.4 +2$/);
    assert.match(column(text, 'peer', 'start s', 'full speed s'), /^ +12\.3 +4$/);
  });

  it('says that full speed came only after the warm-up', () => {
    const text = report(targetOf('gateway', [50]), targetOf('peer', [300, 200]));
    assert.match(column(text, 'peer', 'start s', 'full speed s'), / over 2$/);
  });

  it('says neither of a server that ran since an earlier case', () => {
    const text = report(targetOf('gateway', [50]), { ...targetOf('peer', [100]), readyMs: undefined });
    assert.match(column(text, 'peer', 'start s', 'full speed s'), /^ +$/);
  });

  it('names a server that was still getting faster when its rounds began', () => {
    const falling = Array.from({ length: 15 }, (_, second) => 1_000 - 40 * second);
    assert.match(
      report(targetOf('gateway', [50]), targetOf('peer', falling)),
      /^ {2}peer was still getting faster at the end of its warm-up of 15 s: it can do better$/m,
    );
  });

  it('takes no noise for getting faster', () => {
    const warm = Array.from({ length: 15 }, (_, second) => (second < 5 ? 1_000 : 100 + (second % 3)));
    assert.doesNotMatch(report(targetOf('gateway', [60, 50]), targetOf('peer', warm)), /getting faster/);
  });

  it('compares the first server with each other, or each other with the first', () => {
    const targets = [targetOf('gateway', []), targetOf('peer', [])];
    assert.match(
      formatMacroResult(resultOf({ targets })),
      / gateway is .*\n.*\n.*\n {2}peer .* 0\.50x ±0 % +-50\.0 ±0\.0\n/,
    );
    assert.match(
      formatMacroResult(resultOf({ targets, ratio: 'each to first' })),
      / is, of gateway .*\n.*\n.*\n {2}peer .* 2\.00x ±0 % +50\.0 ±0\.0\n/,
    );
  });

  it('names the bottleneck, unless something else than the servers bounds the load', () => {
    const idle = { ...targetOf('gateway', []), samples: [{ ...sampleOf(50), serverBusy: 0.4 }] };
    const targets = [idle, targetOf('peer', [])];
    assert.match(formatMacroResult(resultOf({ targets })), /gateway used 40 % of its core/);
    const text = formatMacroResult(resultOf({ targets, isPaced: true, notes: ['at one rate'] }));
    assert.doesNotMatch(text, / of its core/);
    assert.match(text, /^ {2}at one rate$/m);
  });

  it('shows the delay of the event loop of servers that measure it', () => {
    const gateway = { ...targetOf('gateway', []), loopDelay: { p99Ms: 21.04, maxMs: 66.4 } };
    const text = report(gateway, targetOf('peer', []));
    assert.match(column(text, 'gateway', 'loop p99/max ms', 'loop p99/max ms'), / 21\.0\/66$/);
    assert.match(column(text, 'peer', 'loop p99/max ms', 'loop p99/max ms'), / --$/);
  });
});

function report(...targets: TargetSamples[]): string {
  return formatMacroResult(resultOf({ targets }));
}

function resultOf(facts: Partial<MacroResult>): MacroResult {
  return {
    name: 'gateway/small',
    summary: 'a case',
    answerBytes: 300,
    ratio: 'first to each',
    isPaced: false,
    notes: [],
    targets: [],
    ...facts,
  };
}

/** What stands in a server's row from below one heading to the end of another. */
function column(text: string, target: string, from: string, to: string): string {
  const lines = text.split('\n');
  const head = lines.find((line) => line.includes('CPU us/req'))!;
  const row = lines.find((line) => line.startsWith(`  ${target} `))!;
  return row.slice(head.indexOf(from) - 1, head.indexOf(to) + to.length);
}

/** Three rounds of 50 microseconds for the gateway and of 100 for any other. */
function targetOf(target: string, warmUpMicros: readonly number[]): TargetSamples {
  const roundMicros = target === 'gateway' ? 50 : 100;
  return {
    target,
    samples: [sampleOf(roundMicros), sampleOf(roundMicros), sampleOf(roundMicros)],
    warmUp: warmUpMicros.map(sampleOf),
    readyMs: 400,
    loopDelay: undefined,
  };
}
