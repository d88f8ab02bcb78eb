import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FigureGoal, goalsOf } from '../../../../benchmarks/macro/macro-goals.ts';
import type { MacroResult } from '../../../../benchmarks/macro/macro-result.ts';
import { sampleOf } from './sample-of.ts';

describe('goalsOf', () => {
  it('holds the first server against another', () => {
    const result = resultOf('first to each', { gateway: [40, 41, 42], peer: [100, 100, 100] });
    assert.deepEqual(goalsOf(result, [cpu('peer', 0.41), cpu('peer', 0.4)]), [
      { what: 'the case: CPU of gateway', goal: 'at most 0.41x peer', figure: '0.41x ±1 %', met: true },
      { what: 'the case: CPU of gateway', goal: 'at most 0.4x peer', figure: '0.41x ±1 %', met: false },
    ]);
  });

  it('holds another server against the first', () => {
    const result = resultOf('each to first', { '10 routes': [100, 100, 100], '1000 routes': [104, 104, 104] });
    assert.deepEqual(goalsOf(result, [cpu('1000 routes', 1.05)]), [
      { what: 'the case: CPU of 1000 routes', goal: 'at most 1.05x 10 routes', figure: '1.04x ±0 %', met: true },
    ]);
  });

  it('takes memory as well', () => {
    const result = resultOf('first to each', { gateway: [1], peer: [1] });
    const [gateway, peer] = result.targets.map(({ samples }) => samples[0]!.residentBytes);
    assert.deepEqual([gateway, peer], [100, 200]);
    const [goal] = goalsOf(result, [{ figure: 'RSS', target: 'peer', atMost: 1 / 3 }]);
    assert.deepEqual(goal, {
      what: 'the case: RSS of gateway',
      goal: 'at most 0.33x peer',
      figure: '0.50x ±0 %',
      met: false,
    });
  });

  it('asks for no difference beyond the spread', () => {
    const goals: FigureGoal[] = [{ figure: 'CPU', target: 'other', atMost: 'no difference' }];
    const even = resultOf('each to first', { one: [100, 100, 100], other: [95, 101, 106] });
    const uneven = resultOf('each to first', { one: [100, 100, 100], other: [110, 111, 112] });
    assert.deepEqual(
      [even, uneven].flatMap((result) => goalsOf(result, goals)),
      [
        { what: 'the case: CPU of other', goal: 'as one', figure: 'no difference (1.01x ±3 %)', met: true },
        { what: 'the case: CPU of other', goal: 'as one', figure: '1.11x ±0 %', met: false },
      ],
    );
  });

  it('asks for requests a second at the least', () => {
    const result = resultOf('each to first', { '1 worker': [100], '2 workers': [50] });
    const rates = result.targets.map(({ samples }) => samples[0]!.requestsPerSecond);
    const ratio = rates[1]! / rates[0]!;
    const goal = (atLeast: number) => goalsOf(result, [{ figure: 'req/s', target: '2 workers', atLeast }])[0]!;
    assert.deepEqual(goal(ratio - 0.1).met, true);
    assert.deepEqual(goal(ratio + 0.1).met, false);
    assert.equal(goal(1.9).goal, 'at least 1.9x 1 worker');
    assert.equal(goal(1.9).what, 'the case: req/s of 2 workers');
  });

  it('leaves out servers that were not measured', () => {
    assert.deepEqual(goalsOf(resultOf('first to each', { gateway: [1] }), [cpu('absent', 1)]), []);
  });
});

function cpu(target: string, atMost: number): FigureGoal {
  return { figure: 'CPU', target, atMost };
}

/** Microseconds by server and round; the memory of a server is 100 bytes for each up to it. */
function resultOf(ratio: MacroResult['ratio'], micros: Readonly<Record<string, readonly number[]>>): MacroResult {
  return {
    name: 'the case',
    summary: 'a case',
    answerBytes: 300,
    ratio,
    isPaced: false,
    notes: [],
    targets: Object.entries(micros).map(([target, rounds], index) => ({
      target,
      samples: rounds.map((cpuMicros) => ({ ...sampleOf(cpuMicros), residentBytes: 100 * (index + 1) })),
      warmUp: [],
      readyMs: undefined,
      loopDelay: undefined,
    })),
  };
}
