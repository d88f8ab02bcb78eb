import type { LatencyCounts, LatencyPercentiles } from './latency-histogram.ts';
import { MethodCalls, type TrackedCall } from './method-calls.ts';
import { MethodProbes } from './method-probes.ts';
import { durationText, forgetAfterMs, leastQuarantineMs, probePassMs, type QuarantineRules } from './method-rules.ts';
import type { MethodStanding } from './method-standing.ts';
import type { MethodState, MethodStateSource, MethodTransition } from './method-transition.ts';
import { type CallVerdict, type MethodCounts, MethodWindow } from './method-window.ts';
import type { PoolName } from './slot.ts';

/** Who wants to know of a method. No function may throw. */
export interface MethodObserver {
  /** The state has changed. Called from within `choose`, `onEnd`, `tick` or an order of the operator. */
  onTransition(transition: MethodTransition): void;
  /** `isIdle` has changed. */
  onIdleChange(nowMs: number): void;
  /** An operator has pinned or unpinned the method here. Called after it. */
  onPinChange(): void;
}

/**
 * The health of one method. Healthy, its calls take normal slots. In quarantine they take slow ones, but for the probes,
 * which take heartbeat slots; enough passed probes in a row bring the method back.
 *
 * A pure state machine: the time comes with each call, on a clock that does not go back. A call costs the same whatever
 * the traffic. Calls that began before the last return from quarantine have no say any more, however they end.
 */
export class MethodHealth {
  readonly key: string;
  readonly #observer: MethodObserver;
  readonly #calls = new MethodCalls();
  readonly #probes = new MethodProbes();
  #rules: QuarantineRules;
  #window: MethodWindow;
  #state: MethodState = 'healthy';
  #sinceMs: number;
  #reason: string | undefined;
  #by: MethodStateSource | undefined;
  #isPinned = false;
  #wasIdle = true;
  #period = 0;
  #quarantinedTotal = 0;
  /** Quarantines by the rules with no long healthy time in between. All but the first are relapses. */
  #quarantinesInARow = 0;

  /** @param key the method key */
  constructor(key: string, rules: QuarantineRules, nowMs: number, observer: MethodObserver) {
    this.key = key;
    this.#observer = observer;
    this.#rules = rules;
    this.#window = new MethodWindow(rules.windowMs);
    this.#sinceMs = nowMs;
  }

  get rules(): QuarantineRules {
    return this.#rules;
  }

  get state(): MethodState {
    return this.#state;
  }

  /** When the present state began. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Why the present state began; undefined where there was no other before. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Who began the present state; undefined where there was no other before. */
  get by(): MethodStateSource | undefined {
    return this.#by;
  }

  /** Whether only an operator can change the state. */
  get isPinned(): boolean {
    return this.#isPinned;
  }

  get inFlight(): number {
    return this.#calls.size;
  }

  /** Whether nothing would be lost if this method were forgotten, but for its counters. */
  get isIdle(): boolean {
    return this.#calls.size === 0 && this.#state === 'healthy' && !this.#isPinned;
  }

  get quarantinedTotal(): number {
    return this.#quarantinedTotal;
  }

  /** Passed probes of this quarantine since the last failed one; 0 while healthy. */
  get probesPassedInARow(): number {
    return this.#state === 'quarantined' ? this.#probes.passedInARow : 0;
  }

  /** Before this time no probe brings the method back; undefined where none would at all. */
  get earliestReleaseMs(): number | undefined {
    return this.#state === 'quarantined' && this.#isAutomatic ? this.#leastUntilMs : undefined;
  }

  /** Times the method went into quarantine again without having been healthy for `maxQuarantineMs` in between. */
  relapses(nowMs: number): number {
    return this.#isForgiven(nowMs) ? 0 : Math.max(0, this.#quarantinesInARow - 1);
  }

  /** What happened to calls within the window. */
  counts(nowMs: number): MethodCounts {
    return this.#window.counts(nowMs);
  }

  /** How long calls took that ended within the window with an answer or a time-out; undefined where there were none. */
  latency(nowMs: number): LatencyPercentiles | undefined {
    return this.#window.latency(nowMs);
  }

  /** The same calls by how long they took, so that those of several processes can be added up. */
  latencyCounts(nowMs: number): LatencyCounts {
    return this.#window.latencyCounts(nowMs);
  }

  /** The pool for a call that comes now. Where it is `heartbeat`, the call is a probe; see `returnProbe`. */
  choose(nowMs: number): PoolName {
    this.#countOverdue(nowMs);
    if (this.#state === 'healthy') return 'normal';
    return this.#rules.enabled && this.#probes.choose(nowMs, this.#rules) ? 'heartbeat' : 'slow';
  }

  /** The last call for which `choose` said `heartbeat` got no heartbeat slot: the next one shall be the probe. */
  returnProbe(): void {
    this.#probes.giveBack();
  }

  /**
   * A call has its slot and begins.
   *
   * @param isProbe whether the call was chosen as a probe. Where the method came back meanwhile it is one no more.
   */
  onStart(call: TrackedCall, nowMs: number, isProbe = false): void {
    this.#calls.add(call, nowMs);
    call.period = this.#period;
    call.isProbe = isProbe && this.#state === 'quarantined';
    if (call.isProbe) this.#probes.started();
    this.#reportIdle(nowMs);
  }

  /** A call has ended. `false`, and nothing changes, if it has ended before or is not a call of this method. */
  onEnd(call: TrackedCall, nowMs: number, verdict: CallVerdict): boolean {
    if (call.calls !== this.#calls) return false;
    this.#countOverdue(nowMs);
    this.#calls.remove(call);
    this.#window.recordLatency(nowMs - call.startMs, verdict, nowMs);
    if (call.period === this.#period) {
      this.#window.countEnd(verdict, call.isOverdue, nowMs);
      if (call.isProbe) this.#judgeProbe(call, nowMs, verdict);
    }
    this.#judge(nowMs);
    this.#reportIdle(nowMs);
    return true;
  }

  /** Finds calls in flight that have become slow, and probes that have waited long enough. Says if the state changed. */
  tick(nowMs: number): boolean {
    const { state } = this;
    this.#countOverdue(nowMs);
    this.#judge(nowMs);
    this.#reportIdle(nowMs);
    return this.#state !== state;
  }

  /**
   * An operator sends the method into quarantine; pinned or not. It comes back like any other unless it is pinned or its
   * quarantine is off. `false`, and nothing changes, if it is there already.
   */
  quarantine(nowMs: number, reason = 'quarantined by an operator'): boolean {
    if (this.#state === 'quarantined') return false;
    if (this.#isForgiven(nowMs)) this.#quarantinesInARow = 0;
    this.#enterQuarantine(nowMs, reason, 'operator');
    this.#reportIdle(nowMs);
    return true;
  }

  /** An operator lets the method out, pinned or not. `false`, and nothing changes, if it is healthy already. */
  release(nowMs: number, reason = 'released by an operator'): boolean {
    if (this.#state === 'healthy') return false;
    this.#enterHealthy(nowMs, reason, 'operator');
    this.#reportIdle(nowMs);
    return true;
  }

  /** Keeps the present state until `unpin`, whatever calls and probes show. `false` if it was pinned already. */
  pin(nowMs: number): boolean {
    if (this.#isPinned) return false;
    this.#isPinned = true;
    this.#reportIdle(nowMs);
    this.#observer.onPinChange();
    return true;
  }

  /** Gives the state back to the rules, which judge at once by what they saw meanwhile. `false` if it was not pinned. */
  unpin(nowMs: number): boolean {
    if (!this.#isPinned) return false;
    this.#isPinned = false;
    this.#observer.onPinChange();
    this.tick(nowMs);
    return true;
  }

  /** What other processes have to know of the method. */
  get standing(): MethodStanding {
    return {
      method: this.key,
      state: this.#state,
      isPinned: this.#isPinned,
      sinceMs: this.#sinceMs,
      reason: this.#reason,
      by: this.#by,
      quarantinesInARow: this.#quarantinesInARow,
    };
  }

  /**
   * Takes the state that the method has in another process. `false`, and nothing changes, if it is the same already. The
   * other process has counted the quarantine; here its probes begin anew.
   */
  adopt(standing: MethodStanding, nowMs: number): boolean {
    const { state, isPinned, sinceMs, reason = 'as in other processes', by = 'gateway', quarantinesInARow } = standing;
    if (state === this.#state && isPinned === this.#isPinned) return false;
    this.#isPinned = isPinned;
    if (state !== this.#state) {
      this.#quarantinesInARow = quarantinesInARow;
      if (state === 'quarantined') this.#probes.begin(nowMs);
      else this.#beginPeriod();
      this.#enter({
        method: this.key,
        from: this.#state,
        to: state,
        reason,
        by,
        atMs: Math.min(sinceMs, nowMs),
        isAdopted: true,
      });
    }
    this.#reportIdle(nowMs);
    return true;
  }

  /**
   * Takes the rules of a new configuration; state and calls in flight stay. With another `windowMs` the counts begin
   * anew. Where quarantine is now off, what the gateway put there comes out, unless it is pinned.
   */
  configure(rules: QuarantineRules, nowMs: number): void {
    if (rules.windowMs !== this.#rules.windowMs) this.#window = new MethodWindow(rules.windowMs);
    this.#rules = rules;
    if (!rules.enabled && !this.#isPinned && this.#state === 'quarantined' && this.#by === 'gateway') {
      this.#enterHealthy(nowMs, 'quarantine is off for this method', 'gateway');
    }
    this.#reportIdle(nowMs);
  }

  get #isAutomatic(): boolean {
    return this.#rules.enabled && !this.#isPinned;
  }

  get #leastUntilMs(): number {
    return this.#sinceMs + leastQuarantineMs(this.#rules, Math.max(0, this.#quarantinesInARow - 1));
  }

  #isForgiven(nowMs: number): boolean {
    return this.#state === 'healthy' && nowMs - this.#sinceMs >= forgetAfterMs(this.#rules);
  }

  #countOverdue(nowMs: number): void {
    const latestStartMs = nowMs - this.#rules.slowCallMs;
    if (this.#calls.firstInTimeStartMs > latestStartMs) return;
    for (let call = this.#calls.takeOverdue(latestStartMs); call !== null; ) {
      this.#window.countSlow(nowMs);
      if (call.isProbe) this.#probes.failed();
      call = this.#calls.takeOverdue(latestStartMs);
    }
    if (this.#state === 'healthy') this.#judge(nowMs);
  }

  #judgeProbe(call: TrackedCall, nowMs: number, verdict: CallVerdict): void {
    this.#probes.ended();
    if (call.isOverdue || verdict === 'neutral' || verdict === 'cancelled') return;
    const isPassed = verdict !== 'timeout' && nowMs - call.startMs <= probePassMs(this.#rules);
    if (isPassed) this.#probes.passed();
    else this.#probes.failed();
  }

  #judge(nowMs: number): void {
    if (!this.#isAutomatic) return;
    if (this.#state === 'healthy') this.#judgeHealthy(nowMs);
    else this.#judgeQuarantined(nowMs);
  }

  #judgeHealthy(nowMs: number): void {
    const reason = this.#window.reasonToQuarantine(this.#rules, nowMs);
    if (reason === undefined) return;
    if (this.#isForgiven(nowMs)) this.#quarantinesInARow = 0;
    this.#quarantinesInARow++;
    this.#enterQuarantine(nowMs, reason, 'gateway');
  }

  #judgeQuarantined(nowMs: number): void {
    const { passedInARow } = this.#probes;
    if (passedInARow < this.#rules.recoverAfter || nowMs < this.#leastUntilMs) return;
    const reason = `${passedInARow} probes in a row took ${durationText(probePassMs(this.#rules))} at most`;
    this.#enterHealthy(nowMs, reason, 'gateway');
  }

  #enterQuarantine(nowMs: number, reason: string, by: MethodStateSource): void {
    this.#quarantinedTotal++;
    this.#probes.begin(nowMs);
    this.#enter({ method: this.key, from: this.#state, to: 'quarantined', reason, by, atMs: nowMs });
  }

  #enterHealthy(nowMs: number, reason: string, by: MethodStateSource): void {
    this.#beginPeriod();
    this.#enter({ method: this.key, from: this.#state, to: 'healthy', reason, by, atMs: nowMs });
  }

  #beginPeriod(): void {
    this.#period++;
    this.#calls.skipAll();
    this.#window.clearCounts();
  }

  #enter(transition: MethodTransition): void {
    this.#state = transition.to;
    this.#sinceMs = transition.atMs;
    this.#reason = transition.reason;
    this.#by = transition.by;
    this.#observer.onTransition(transition);
  }

  #reportIdle(nowMs: number): void {
    const { isIdle } = this;
    if (isIdle === this.#wasIdle) return;
    this.#wasIdle = isIdle;
    this.#observer.onIdleChange(nowMs);
  }
}
