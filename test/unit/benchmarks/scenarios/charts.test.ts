import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Chart, ticksUpTo } from '../../../../benchmarks/scenarios/report/chart.ts';
import { svgChart } from '../../../../benchmarks/scenarios/report/svg-chart.ts';
import { plotForTerminal } from '../../../../benchmarks/scenarios/report/terminal-plot.ts';

const CHART: Chart = {
  title: 'A < B & C',
  xLabel: 's since the start',
  marks: [
    { x: 0, label: 'before' },
    { x: 5, label: 'after' },
  ],
  panels: [
    {
      title: 'answers',
      unit: '1/s',
      series: [
        {
          name: 'a',
          points: [
            [0, 0],
            [10, 100],
          ],
        },
        { name: 'b', points: [[5, 50]] },
      ],
    },
  ],
};

describe('ticksUpTo', () => {
  it('gives round steps that reach the largest value', () => {
    assert.deepEqual(ticksUpTo(509, 4), [0, 200, 400, 600]);
    assert.deepEqual(ticksUpTo(1, 4), [0, 0.5, 1]);
    assert.deepEqual(ticksUpTo(0.3, 3), [0, 0.1, 0.2, 0.3]);
    assert.deepEqual(ticksUpTo(2_000, 4), [0, 500, 1_000, 1_500, 2_000]);
  });
});

describe('plotForTerminal', () => {
  it('draws each line in a strip of its own, in 80 columns', () => {
    const lines = plotForTerminal(CHART).split('\n');
    assert.ok(lines.every((line) => [...line].length <= 80));
    assert.equal(lines.filter((line) => line.includes('└')).length, 2);
    assert.ok(lines.includes('answers: a (1/s)'));
    const [top, , bottom] = lines.slice(lines.indexOf('answers: a (1/s)') + 1);
    assert.ok(top!.startsWith('     100 │') && top!.endsWith('█'), 'the largest value fills the strip');
    assert.ok(bottom!.startsWith('       0 └'));
    assert.ok(lines.some((line) => line.includes('^before') && line.includes('^after')));
    assert.ok(lines.some((line) => line.includes('0 to 10 s since the start')));
  });

  it('shows what is little, and leaves out what is nothing', () => {
    const points = [
      [0, 0.001],
      [1, 1_000],
      [2, 0],
      [10, 0],
    ] as const;
    const chart: Chart = { ...CHART, marks: [], panels: [{ title: 't', unit: 'u', series: [{ name: 'n', points }] }] };
    const bottom = plotForTerminal(chart)
      .split('\n')
      .find((line) => line.includes('└'))!;
    assert.equal(bottom[10], '▁');
    assert.ok([...bottom].length < 40);
  });
});

describe('svgChart', () => {
  it('has titles, units, legends, ticks and marks, and escapes what it is given', () => {
    const svg = svgChart(CHART);
    for (const text of ['A &lt; B &amp; C', 'answers, 1/s', '>a<', '>b<', '>100<', 's since the start', '>before<']) {
      assert.ok(svg.includes(text), text);
    }
    assert.ok(svg.includes('prefers-color-scheme: dark'));
    assert.ok(!svg.includes('NaN') && !svg.includes('undefined'));
    assert.doesNotMatch(svg, /<script|href=/);
  });

  it('puts the smallest and largest values at the ends of the axes', () => {
    const [, x1, y1, x2, y2] = /d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/.exec(svgChart(CHART))!.map(Number);
    assert.deepEqual([x1, x2! - x1!, y1! - y2!], [76, 766, 120]);
  });

  it('draws lines that are 0 all the time', () => {
    const series = [{ name: 'n', points: [[0, 0] as const, [1, 0] as const] }];
    const chart: Chart = { ...CHART, panels: [{ title: 't', unit: 'u', series }] };
    assert.ok(!svgChart(chart).includes('NaN'));
    assert.ok(plotForTerminal(chart).includes('       0 └'));
  });

  it('refuses a chart without a point', () => {
    assert.throws(() => svgChart({ ...CHART, marks: [], panels: [] }), /without a point/);
  });
});
