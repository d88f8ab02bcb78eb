import assert from 'node:assert/strict';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { describe, it } from 'node:test';
import { EventLoopWindow } from '../../../../src/telemetry/metrics/event-loop-window.ts';

const RESOLUTION_MS = 20;

/** A loop whose turns and times the test makes up. */
class FakeLoop {
  readonly histograms: RecordableHistogram[] = [];
  readonly times = { idle: 0, active: 0 };
  readonly window = new EventLoopWindow(
    () => {
      const histogram = createHistogram();
      this.histograms.push(histogram);
      return histogram;
    },
    RESOLUTION_MS,
    () => ({ ...this.times }),
  );

  /** Turns of which each comes so many ms late. */
  turns(count: number, lateMs: number): void {
    for (let i = 0; i < count; i++) {
      for (const histogram of this.histograms) histogram.record((RESOLUTION_MS + lateMs) * 1e6);
    }
  }

  spend(activeMs: number, idleMs: number): void {
    this.times.active += activeMs;
    this.times.idle += idleMs;
  }
}

describe('EventLoopWindow', () => {
  it('is zero before the first turn', () => {
    const { window } = new FakeLoop();
    assert.deepEqual(
      [window.lagSeconds(99), window.meanLagSeconds(), window.maxLagSeconds(), window.utilization()],
      [0, 0, 0, 0],
    );
  });

  it('gives delays without the interval at which they are measured', () => {
    const loop = new FakeLoop();
    loop.turns(98, 0);
    loop.turns(2, 500);
    near(loop.window.lagSeconds(50), 0);
    near(loop.window.lagSeconds(99), 0.5);
    near(loop.window.maxLagSeconds(), 0.5);
    near(loop.window.meanLagSeconds(), 0.01);
  });

  it('is never negative', () => {
    const loop = new FakeLoop();
    loop.turns(10, -5);
    assert.equal(loop.window.lagSeconds(50), 0);
    assert.equal(loop.window.meanLagSeconds(), 0);
  });

  it('sees the last one to two periods, whoever else reads', () => {
    const loop = new FakeLoop();
    loop.turns(1, 3000);
    for (let reader = 0; reader < 5; reader++) near(loop.window.maxLagSeconds(), 3);
    loop.window.rotate();
    loop.turns(1, 100);
    near(loop.window.maxLagSeconds(), 3);
    loop.window.rotate();
    near(loop.window.maxLagSeconds(), 0.1);
    loop.window.rotate();
    assert.equal(loop.window.maxLagSeconds(), 0);
    loop.turns(1, 200);
    near(loop.window.maxLagSeconds(), 0.2);
  });

  it('gives the share of the time worked in the same window', () => {
    const loop = new FakeLoop();
    loop.spend(900, 100);
    assert.equal(loop.window.utilization(), 0.9);
    loop.window.rotate();
    loop.spend(0, 1000);
    assert.equal(loop.window.utilization(), 0.45);
    loop.window.rotate();
    assert.equal(loop.window.utilization(), 0);
    loop.spend(500, 500);
    assert.equal(loop.window.utilization(), 0.25);
  });
});

/** The histogram keeps three significant digits. */
function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= expected / 100 + 0.0001, `${actual} is not about ${expected}`);
}
