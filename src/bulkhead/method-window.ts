import { type LatencyCounts, LatencyHistogram, type LatencyPercentiles } from './latency-histogram.ts';
import { durationText, type QuarantineRules } from './method-rules.ts';
import { SlidingWindow } from './sliding-window.ts';

/**
 * How a call ended. `ok`: with a result. `exception`: with a business exception, which is a healthy answer. `timeout`: not
 * in time. `neutral`: the connection was refused or lost, which says nothing about the method. `cancelled`: the caller
 * gave up.
 */
export type CallVerdict = 'ok' | 'exception' | 'timeout' | 'neutral' | 'cancelled';

/** What happened to the calls of a method within the window. */
export interface MethodCounts {
  /** Calls that ended with an answer or a time-out, or are known to be slow. */
  readonly calls: number;
  readonly timeouts: number;
  /** Calls that lasted `slowCallMs`, those in flight among them. */
  readonly slow: number;
  /** Calls whose connection failed; they are not among `calls`. */
  readonly failed: number;
}

const CALLS = 0;
const TIMEOUTS = 1;
const SLOW = 2;
const FAILED = 3;
const COUNTERS = 4;

/** What is remembered of the calls of one method, and when that is reason enough for a quarantine. */
export class MethodWindow {
  readonly #counts: SlidingWindow;
  readonly #latency: LatencyHistogram;

  constructor(windowMs: number) {
    this.#counts = new SlidingWindow(windowMs, COUNTERS);
    this.#latency = new LatencyHistogram(windowMs);
  }

  counts(nowMs: number): MethodCounts {
    return {
      calls: this.#counts.total(CALLS, nowMs),
      timeouts: this.#counts.total(TIMEOUTS, nowMs),
      slow: this.#counts.total(SLOW, nowMs),
      failed: this.#counts.total(FAILED, nowMs),
    };
  }

  /** Percentiles of what `recordLatency` was given; undefined where that was nothing. */
  latency(nowMs: number): LatencyPercentiles | undefined {
    return this.#latency.percentiles(nowMs);
  }

  /** The same calls by how long they took. */
  latencyCounts(nowMs: number): LatencyCounts {
    return this.#latency.counts(nowMs);
  }

  /** A call in flight has lasted `slowCallMs`. */
  countSlow(nowMs: number): void {
    this.#counts.add(CALLS, nowMs);
    this.#counts.add(SLOW, nowMs);
  }

  /** A call has ended. One that was counted as slow is not counted again, but for its time-out. */
  countEnd(verdict: CallVerdict, wasSlow: boolean, nowMs: number): void {
    if (verdict === 'timeout') this.#counts.add(TIMEOUTS, nowMs);
    if (wasSlow || verdict === 'cancelled') return;
    this.#counts.add(verdict === 'neutral' ? FAILED : CALLS, nowMs);
  }

  /** Notes how long a call took, if it ended with an answer or a time-out. */
  recordLatency(latencyMs: number, verdict: CallVerdict, nowMs: number): void {
    if (verdict !== 'neutral' && verdict !== 'cancelled') this.#latency.record(latencyMs, nowMs);
  }

  /** Why a healthy method has to go into quarantine now; undefined if it has not. */
  reasonToQuarantine(rules: QuarantineRules, nowMs: number): string | undefined {
    const timeouts = this.#counts.total(TIMEOUTS, nowMs);
    if (timeouts >= rules.timeouts) return `${timeouts} timeouts in ${durationText(rules.windowMs)}`;
    const calls = this.#counts.total(CALLS, nowMs);
    const slow = this.#counts.total(SLOW, nowMs);
    if (calls < rules.minCalls || slow / calls < rules.slowRatio) return undefined;
    const [window, slowCall] = [durationText(rules.windowMs), durationText(rules.slowCallMs)];
    return `${slow} of ${calls} calls in ${window} took ${slowCall} or longer`;
  }

  /** Forgets what happened to calls. How long they took stays. */
  clearCounts(): void {
    this.#counts.clear();
  }
}
