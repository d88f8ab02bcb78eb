import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LoopWatermark } from '../../../src/http/loop-watermark.ts';
import { systemLoopMeter } from '../../../src/telemetry/loop-meter.ts';

const WATERMARK = 0.9;

/** An event loop in virtual time, busy for a share of it. */
class VirtualLoop {
  nowMs = 1_000;
  measured = 0;
  #idle = 0;
  #active = 0;
  readonly watermark = new LoopWatermark(() => {
    this.measured += 1;
    return { idle: this.#idle, active: this.#active };
  }, this.nowMs);

  /** Whether the loop is above after so many ms of such utilization. */
  after(ms: number, utilization: number, max = WATERMARK): boolean {
    this.nowMs += ms;
    this.#active += ms * utilization;
    this.#idle += ms * (1 - utilization);
    return this.watermark.isAbove(max, this.nowMs);
  }
}

describe('the watermark of the event loop', () => {
  it('is not exceeded at the start', () => {
    const loop = new VirtualLoop();
    assert.equal(loop.after(0, 1), false);
  });

  it('is exceeded above it, and again not below nine tenths of it', () => {
    const loop = new VirtualLoop();
    assert.equal(loop.after(500, 0.89), false);
    assert.equal(loop.after(500, 0.91), true);
    assert.equal(loop.after(500, 0.85), true);
    assert.equal(loop.after(500, 0.82), true);
    assert.equal(loop.after(500, 0.8), false);
    assert.equal(loop.after(500, 0.85), false);
    assert.equal(loop.after(500, 0.95), true);
  });

  it('is looked at every half second at most, and only when asked', () => {
    const loop = new VirtualLoop();
    for (let i = 0; i < 499; i += 1) assert.equal(loop.after(1, 1), false);
    assert.equal(loop.measured, 1);
    assert.equal(loop.after(1, 1), true);
    assert.equal(loop.measured, 2);
    for (let i = 0; i < 499; i += 1) assert.equal(loop.after(1, 0), true);
    assert.equal(loop.after(1, 0), false);
    assert.equal(loop.measured, 3);
  });

  it('counts a pause as idle', () => {
    const loop = new VirtualLoop();
    assert.equal(loop.after(500, 1), true);
    assert.equal(loop.after(60_000, 0.01), false);
  });

  it('is never exceeded at 1', () => {
    const loop = new VirtualLoop();
    for (let i = 0; i < 10; i += 1) assert.equal(loop.after(1_000, 1, 1), false);
  });

  it('follows a watermark that is changed', () => {
    const loop = new VirtualLoop();
    assert.equal(loop.after(500, 0.5, 0.6), false);
    assert.equal(loop.after(500, 0.5, 0.4), true);
    assert.equal(loop.after(500, 0.5, 0.6), false);
  });

  it('comes back from any load, at any watermark', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const max = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(share), max, (loads, watermark) => {
        const loop = new VirtualLoop();
        for (const load of loads) loop.after(500, load, watermark);
        assert.equal(loop.after(500, 0, watermark), false);
      }),
    );
  });

  it('sees nothing in a meter that stands still', () => {
    const watermark = new LoopWatermark(() => ({ idle: 0, active: 0 }), 0);
    assert.equal(watermark.isAbove(0.5, 10_000), false);
  });
});

describe('the meter of the event loop', () => {
  it('counts the time in which the loop is busy', async () => {
    // A loop that has not turned yet counts nothing.
    await new Promise((resolve) => setTimeout(resolve, 1));
    const before = systemLoopMeter();
    let sum = 0;
    for (const end = performance.now() + 5; performance.now() < end; ) sum += 1;
    assert.ok(sum > 0);
    assert.ok(systemLoopMeter().active >= before.active + 5);
    assert.ok(systemLoopMeter().idle >= before.idle);
  });
});
