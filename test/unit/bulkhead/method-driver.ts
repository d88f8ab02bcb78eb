import { TrackedCall } from '../../../src/bulkhead/method-calls.ts';
import { MethodHealth } from '../../../src/bulkhead/method-health.ts';
import type { QuarantineRules } from '../../../src/bulkhead/method-rules.ts';
import type { MethodTransition } from '../../../src/bulkhead/method-transition.ts';
import type { CallVerdict } from '../../../src/bulkhead/method-window.ts';

/** The rules a gateway has unless told otherwise. */
export const DEFAULT_RULES: QuarantineRules = {
  enabled: true,
  timeouts: 10,
  windowMs: 10_000,
  slowCallMs: 2_000,
  slowRatio: 0.5,
  minCalls: 20,
  probeShare: 0.05,
  recoverAfter: 5,
  minQuarantineMs: 5_000,
  maxQuarantineMs: 300_000,
};

/** A method, a clock that tests move, and what was reported. */
export class MethodDriver {
  readonly method: MethodHealth;
  readonly transitions: MethodTransition[] = [];
  nowMs = 0;

  constructor(rules: Partial<QuarantineRules> = {}) {
    this.method = new MethodHealth('demo.Foo#bar()', { ...DEFAULT_RULES, ...rules }, 0, {
      onTransition: (transition) => this.transitions.push(transition),
      onIdleChange: () => {},
      onPinChange: () => {},
    });
  }

  /** Lets time pass, with a tick at its end. */
  pass(ms: number): void {
    this.nowMs += ms;
    this.method.tick(this.nowMs);
  }

  /** Begins a call in the pool that the method says. */
  start(): TrackedCall {
    const call = new TrackedCall();
    const pool = this.method.choose(this.nowMs);
    this.method.onStart(call, this.nowMs, pool === 'heartbeat');
    return call;
  }

  end(call: TrackedCall, verdict: CallVerdict): boolean {
    return this.method.onEnd(call, this.nowMs, verdict);
  }

  /** Makes calls one after the other, each of which lasts `ms`. */
  calls(count: number, ms: number, verdict: CallVerdict = 'ok'): void {
    for (let i = 0; i < count; i++) {
      const call = this.start();
      this.nowMs += ms;
      this.end(call, verdict);
    }
  }

  /** Ten calls at once that time out. */
  timeOut(): void {
    const calls = Array.from({ length: this.method.rules.timeouts }, () => this.start());
    for (const call of calls) this.end(call, 'timeout');
  }

  /** The next call that is a probe; other calls before it end at once. */
  startProbe(): TrackedCall {
    for (let i = 0; i < 1_000; i++) {
      const call = this.start();
      if (call.isProbe) return call;
      this.end(call, 'ok');
    }
    throw new Error('no probe came');
  }

  /** This many probes that take `ms` each. */
  probes(count: number, ms: number, verdict: CallVerdict = 'ok'): void {
    for (let i = 0; i < count; i++) {
      const probe = this.startProbe();
      this.nowMs += ms;
      this.end(probe, verdict);
    }
  }
}
