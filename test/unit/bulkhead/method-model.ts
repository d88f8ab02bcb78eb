import type { QuarantineRules } from '../../../src/bulkhead/method-rules.ts';
import type { CallVerdict } from '../../../src/bulkhead/method-window.ts';

/** One call as the model sees it. */
export interface ModelCall {
  readonly startMs: number;
  readonly period: number;
  readonly isProbe: boolean;
  isOverdue: boolean;
}

type Counter = 'calls' | 'timeouts' | 'slow' | 'failed';

const BUCKETS = 20;

/**
 * The rules of method health said as plainly as can be: lists that are searched from end to end, nothing kept that can be
 * counted again. What `MethodHealth` does at constant cost has to come to the same.
 */
export class MethodModel {
  rules: QuarantineRules;
  state: 'healthy' | 'quarantined' = 'healthy';
  sinceMs = 0;
  isPinned = false;
  quarantinedTotal = 0;
  calls: ModelCall[] = [];
  readonly transitions: string[] = [];
  #events: { counter: Counter; bucket: number }[] = [];
  #period = 0;
  #strikes = 0;
  #passed = 0;
  #credit = 0;
  #probesMs: number[] = [];

  constructor(rules: QuarantineRules) {
    this.rules = rules;
  }

  count(counter: Counter, nowMs: number): number {
    const now = this.#bucket(nowMs);
    return this.#events.filter((event) => event.counter === counter && event.bucket > now - BUCKETS).length;
  }

  get passedInARow(): number {
    return this.state === 'quarantined' ? this.#passed : 0;
  }

  choose(nowMs: number): 'normal' | 'slow' | 'heartbeat' {
    this.#findOverdue(nowMs);
    if (this.state === 'healthy') return 'normal';
    this.#credit = Math.min(this.#credit, 1) + this.rules.probeShare;
    const probesInFlight = this.calls.filter((call) => call.isProbe && call.period === this.#period).length;
    const isDue = nowMs - this.#probesMs.at(-1)! >= 1_000;
    if (!isDue && !(this.#credit > 0.999_999 && probesInFlight < this.rules.recoverAfter)) return 'slow';
    this.#credit = Math.max(0, this.#credit - 1);
    this.#probesMs.push(nowMs);
    return 'heartbeat';
  }

  returnProbe(): void {
    this.#credit += 1;
    this.#probesMs.pop();
  }

  start(nowMs: number, isProbe: boolean): ModelCall {
    const inQuarantine = this.state === 'quarantined';
    const call = { startMs: nowMs, period: this.#period, isProbe: isProbe && inQuarantine, isOverdue: false };
    this.calls.push(call);
    return call;
  }

  end(call: ModelCall, nowMs: number, verdict: CallVerdict): void {
    this.#findOverdue(nowMs);
    this.calls = this.calls.filter((other) => other !== call);
    if (call.period === this.#period) {
      if (verdict === 'timeout') this.#note('timeouts', nowMs);
      if (!call.isOverdue && verdict === 'neutral') this.#note('failed', nowMs);
      if (!call.isOverdue && (verdict === 'ok' || verdict === 'exception' || verdict === 'timeout')) {
        this.#note('calls', nowMs);
        const isQuick = nowMs - call.startMs <= this.rules.slowCallMs * 0.75;
        if (call.isProbe) this.#passed = isQuick && verdict !== 'timeout' ? this.#passed + 1 : 0;
      }
    }
    this.#judge(nowMs);
  }

  tick(nowMs: number): void {
    this.#findOverdue(nowMs);
    this.#judge(nowMs);
  }

  quarantine(nowMs: number): void {
    if (this.state === 'quarantined') return;
    this.#forgive(nowMs);
    this.#enterQuarantine(nowMs, 'operator');
  }

  release(nowMs: number): void {
    if (this.state === 'quarantined') this.#enterHealthy(nowMs, 'operator');
  }

  pin(): void {
    this.isPinned = true;
  }

  unpin(nowMs: number): void {
    if (!this.isPinned) return;
    this.isPinned = false;
    this.tick(nowMs);
  }

  #bucket(nowMs: number): number {
    return Math.floor(nowMs / (this.rules.windowMs / BUCKETS));
  }

  #note(counter: Counter, nowMs: number): void {
    this.#events.push({ counter, bucket: this.#bucket(nowMs) });
  }

  #findOverdue(nowMs: number): void {
    const { length } = this.#events;
    for (const call of this.calls) {
      if (call.isOverdue || call.period !== this.#period || nowMs - call.startMs < this.rules.slowCallMs) continue;
      call.isOverdue = true;
      this.#note('calls', nowMs);
      this.#note('slow', nowMs);
      if (call.isProbe) this.#passed = 0;
    }
    if (this.state === 'healthy' && this.#events.length !== length) this.#judge(nowMs);
  }

  #isSick(nowMs: number): boolean {
    const { timeouts, minCalls, slowRatio } = this.rules;
    const calls = this.count('calls', nowMs);
    const isSlow = calls >= minCalls && this.count('slow', nowMs) / calls >= slowRatio;
    return isSlow || this.count('timeouts', nowMs) >= timeouts;
  }

  #judge(nowMs: number): void {
    if (this.isPinned || !this.rules.enabled) return;
    if (this.state === 'healthy') {
      if (!this.#isSick(nowMs)) return;
      this.#forgive(nowMs);
      this.#strikes++;
      this.#enterQuarantine(nowMs, 'gateway');
    } else if (this.#passed >= this.rules.recoverAfter && nowMs >= this.leastUntilMs) {
      this.#enterHealthy(nowMs, 'gateway');
    }
  }

  get leastUntilMs(): number {
    let leastMs = this.rules.minQuarantineMs;
    for (let relapse = 1; relapse < this.#strikes; relapse++)
      leastMs = Math.min(leastMs * 2, this.rules.maxQuarantineMs);
    return this.sinceMs + leastMs;
  }

  #forgive(nowMs: number): void {
    if (nowMs - this.sinceMs >= this.rules.maxQuarantineMs) this.#strikes = 0;
  }

  #enterQuarantine(nowMs: number, by: string): void {
    this.quarantinedTotal++;
    this.#passed = 0;
    this.#credit = 0;
    this.#probesMs = [nowMs];
    this.#enter('quarantined', nowMs, by);
  }

  #enterHealthy(nowMs: number, by: string): void {
    this.#period++;
    this.#events = [];
    this.#enter('healthy', nowMs, by);
  }

  #enter(to: 'healthy' | 'quarantined', nowMs: number, by: string): void {
    this.state = to;
    this.sinceMs = nowMs;
    this.transitions.push(`${to} by ${by} at ${nowMs}`);
  }
}
