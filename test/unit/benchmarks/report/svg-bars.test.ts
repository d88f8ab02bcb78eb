import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bar } from '../../../../benchmarks/report/bar-chart.ts';
import { svgBars } from '../../../../benchmarks/report/svg-bars.ts';

const BAR: Bar = { label: 'gateway', value: 50, spread: 0.1, text: '50 us', colour: 0 };

function draw(bars: readonly Bar[], max?: number): string {
  const group = { title: 'case', bars, ...(max !== undefined && { max }) };
  return svgBars({ title: 'Benchmark', sections: [{ title: 'CPU time, us', note: 'a note', groups: [group] }] });
}

function widths(svg: string): number[] {
  return [...svg.matchAll(/<rect class="b\d" [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
}

describe('a bar chart', () => {
  it('has bars as long as their values, and the longest with its spread fills the scale', () => {
    const [full, half] = widths(draw([BAR, { ...BAR, value: 25 }]));
    assert.equal(full! / half!, 2);
    assert.ok(full! > 300 && Math.abs(full! - 440 / 1.1) < 0.1, `${full}`);
  });

  it('cuts off what is longer than the scale, with an arrow in place of the spread', () => {
    const svg = draw([{ ...BAR, value: 5_000, text: '5,000x' }, BAR], 100);
    assert.deepEqual(widths(svg), [440, 220]);
    assert.equal(svg.match(/<path class="b0"/g)?.length, 1);
    assert.equal(svg.match(/<path class="spread"/g)?.length, 1);
    assert.match(svg, />5,000x</);
  });

  it('shows a goal as a line at its place', () => {
    const svg = draw([{ ...BAR, spread: 0, goal: 100 }]);
    assert.deepEqual(widths(svg), [220]);
    assert.match(svg, /<line class="goal" x1="670.0"/);
  });

  it('takes any text as text', () => {
    const svg = draw([{ ...BAR, label: '<script>&' }]);
    assert.ok(!svg.includes('<script>'));
    assert.match(svg, /&lt;script&gt;&amp;/);
  });

  it('has a scale where all is 0', () => {
    assert.deepEqual(widths(draw([{ ...BAR, value: 0 }])), [0]);
  });
});
