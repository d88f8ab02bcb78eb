import type { LoopMeter, LoopTimes } from '../loop-meter.ts';

/** Delays in ns, as `monitorEventLoopDelay` of `node:perf_hooks` gathers them. */
export interface DelayHistogram {
  readonly count: number;
  readonly max: number;
  readonly mean: number;
  percentile(percentile: number): number;
  reset(): void;
}

const NS_PER_S = 1e9;

/**
 * What the event loop did in the last one to two periods, a period being the time between two calls of `rotate`.
 *
 * Reading changes nothing, so several readers see the same. Two histograms gather all delays; at each rotation the one
 * that has gathered for two periods starts anew, and the other one, which has gathered for one, is read from then on.
 */
export class EventLoopWindow {
  readonly #resolutionNs: number;
  readonly #readTimes: LoopMeter;
  #older: DelayHistogram;
  #younger: DelayHistogram;
  #olderStart: LoopTimes;
  #youngerStart: LoopTimes;

  /**
   * @param createHistogram makes a histogram that gathers from then on
   * @param resolutionMs interval in ms at which the delay is measured; it is part of each delay in the histogram
   * @param readTimes reads the times of the loop
   */
  constructor(createHistogram: () => DelayHistogram, resolutionMs: number, readTimes: LoopMeter) {
    this.#resolutionNs = resolutionMs * 1e6;
    this.#readTimes = readTimes;
    this.#older = createHistogram();
    this.#younger = createHistogram();
    this.#olderStart = readTimes();
    this.#youngerStart = this.#olderStart;
  }

  /** Ends a period. */
  rotate(): void {
    const emptied = this.#older;
    emptied.reset();
    this.#older = this.#younger;
    this.#younger = emptied;
    this.#olderStart = this.#youngerStart;
    this.#youngerStart = this.#readTimes();
  }

  /** The delay in seconds which the given percentage of the turns did not exceed; 0 where none was measured. */
  lagSeconds(percentile: number): number {
    return this.#older.count === 0 ? 0 : this.#seconds(this.#older.percentile(percentile));
  }

  /** The mean delay in seconds; 0 where none was measured. */
  meanLagSeconds(): number {
    return this.#older.count === 0 ? 0 : this.#seconds(this.#older.mean);
  }

  /** The longest delay in seconds; 0 where none was measured. */
  maxLagSeconds(): number {
    return this.#older.count === 0 ? 0 : this.#seconds(this.#older.max);
  }

  /** Share of the time in which the loop worked, from 0 to 1. */
  utilization(): number {
    const now = this.#readTimes();
    const active = now.active - this.#olderStart.active;
    const total = active + now.idle - this.#olderStart.idle;
    return total > 0 ? active / total : 0;
  }

  /** Without the interval itself, which is no delay. */
  #seconds(ns: number): number {
    return Math.max(ns - this.#resolutionNs, 0) / NS_PER_S;
  }
}
