import type { ProviderAddress } from '../config/provider-address.ts';
import { CallRecord, type CallResult } from './call-record.ts';
import { Ejection } from './ejection.ts';
import type { EjectionRules } from './ejection-rules.ts';
import { PeakEwma } from './peak-ewma.ts';

/** Who wants to know when an endpoint is left out, comes back, or waits for another probe. */
export interface EndpointObserver {
  /** Comes from within the end of a call: it must not throw, and does best to do its work later. */
  onEndpointChange(): void;
}

/**
 * What the calls to one address have shown: it lives as long as somebody knows the address, so that neither a new list nor
 * a new configuration forgets it. Pure: the time comes with each call, on a clock that does not go back.
 */
export class Endpoint {
  readonly address: ProviderAddress;
  readonly latency = new PeakEwma();
  readonly record = new CallRecord();
  readonly ejection = new Ejection();
  readonly #observers: EndpointObserver[] = [];
  readonly #onEject: () => void;
  #inFlight = 0;
  #hasAnswered = false;

  /** @param onEject called each time it is left out */
  constructor(address: ProviderAddress, onEject: () => void = () => {}) {
    this.address = address;
    this.#onEject = onEject;
  }

  /** Calls that have started and not ended. */
  get inFlight(): number {
    return this.#inFlight;
  }

  observe(observer: EndpointObserver): void {
    this.#observers.push(observer);
  }

  /** Takes back one `observe` of this observer. */
  unobserve(observer: EndpointObserver): void {
    const index = this.#observers.indexOf(observer);
    if (index >= 0) this.#observers.splice(index, 1);
  }

  onStart(): void {
    this.#inFlight++;
  }

  /**
   * A call that was started has ended.
   *
   * @param startedMs when it was started; a call that was sent elsewhere before has several starts, each with its end
   * @param rules undefined where nothing is ever ejected
   */
  onEnd(result: CallResult, startedMs: number, nowMs: number, rules: EjectionRules | undefined): void {
    const latencyMs = Math.max(0, nowMs - startedMs);
    this.#inFlight--;
    if (result === 'ok') this.#recordAnswer(latencyMs, nowMs);
    else if (result === 'failure') this.latency.recordFailure(latencyMs, nowMs);
    else this.latency.recordUnfinished(latencyMs, nowMs);
    if (rules === undefined) return;
    if (this.ejection.isProbe(startedMs)) this.#onProbeEnd(result, latencyMs, nowMs, rules);
    else if (this.ejection.state === 'in' && result !== 'neutral') {
      this.record.add(result === 'failure', latencyMs, rules.windowMs, nowMs);
    }
  }

  /** Leaves it out for a time; what its calls have shown so far is forgotten with that. */
  eject(reason: string, rules: EjectionRules, nowMs: number): void {
    this.ejection.eject(reason, rules.baseEjectionMs, rules.maxEjectionMs, nowMs);
    this.record.clear();
    this.#onEject();
    this.#tellChange();
  }

  /** The first call opens the connection, and often the classes of the provider are loaded for it. */
  #recordAnswer(latencyMs: number, nowMs: number): void {
    if (this.#hasAnswered) this.latency.record(latencyMs, nowMs);
    else this.latency.begin(nowMs);
    this.#hasAnswered = true;
  }

  #onProbeEnd(result: CallResult, latencyMs: number, nowMs: number, rules: EjectionRules): void {
    if (result === 'failure') {
      this.eject('the probe failed', rules, nowMs);
      return;
    }
    if (result === 'neutral' || result === 'overtaken') {
      this.ejection.returnProbe(nowMs);
    } else {
      this.ejection.restore(nowMs);
      // What it cost while it was ill would keep calls away for long; from here on the probe speaks for it.
      this.latency.clear();
      this.latency.record(latencyMs, nowMs);
    }
    this.#tellChange();
  }

  #tellChange(): void {
    for (const observer of this.#observers) observer.onEndpointChange();
  }
}
