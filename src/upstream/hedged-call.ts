import { endOfAnswer } from './call-end.ts';
import type { CallOutcome, Exchange, RunningCall } from './exchange.ts';
import { ExchangeView } from './exchange-view.ts';
import type { HedgeDelay } from './hedge-delay.ts';
import { HedgeEntry, type HedgeTimer } from './hedge-timer.ts';
import { type CallRoute, RouteCall } from './route-call.ts';

/**
 * What became of a hedge: it was answered first, second, not at all, or it was not made, for want of another provider, of
 * budget or of a free slot.
 */
export type HedgeOutcome = 'won' | 'lost' | 'failed' | 'refused';

/** How the calls of a route are hedged. */
export interface Hedging {
  readonly delay: HedgeDelay;
  readonly timer: Pick<HedgeTimer, 'schedule' | 'cancel'>;
  /** Undefined where nobody counts. */
  readonly counters: { record(outcome: HedgeOutcome): void } | undefined;
}

/**
 * A call that is made once more, at another provider, when the first one takes long; the first answer counts, and the other
 * call is given up. For calls that may be run twice. The second one is a call of its own, with its own slot, within the
 * budget of retries and the deadline of the first.
 *
 * An answer is what the provider says of the call, a business exception too. A call that fails for its provider waits for
 * the other.
 */
export class HedgedCall extends HedgeEntry implements RunningCall {
  readonly #route: CallRoute;
  readonly #hedging: Hedging;
  readonly #exchange: Exchange;
  readonly #deadlineMs: number;
  readonly #resolve: (outcome: CallOutcome) => void;
  readonly #reject: (error: unknown) => void;
  readonly #first: RouteCall;
  /** What the hedge notes; undefined while none is in flight. */
  #view: ExchangeView | undefined = undefined;
  #hedge: RouteCall | undefined = undefined;
  /** What the first call failed with, while the hedge is waited for. */
  #failure: { readonly error: unknown } | undefined = undefined;
  #startedMs = 0;
  #isOver = false;

  constructor(
    route: CallRoute,
    hedging: Hedging,
    exchange: Exchange,
    deadlineMs: number,
    resolve: (outcome: CallOutcome) => void,
    reject: (error: unknown) => void,
  ) {
    super();
    this.#route = route;
    this.#hedging = hedging;
    this.#exchange = exchange;
    this.#deadlineMs = deadlineMs;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#first = new RouteCall(
      route,
      exchange,
      deadlineMs,
      (outcome) => this.#onFirstOutcome(outcome),
      (error) => this.#onFirstError(error),
    );
  }

  /** Makes the first call. Throws what is wrong with the request. */
  send(nowMs: number): void {
    this.#startedMs = nowMs;
    this.#first.send(nowMs);
    if (this.#isOver) return;
    this.#exchange.call = this;
    if (this.#route.retries === 0) this.#route.providers.retryBudget.recordCall(nowMs);
    const delayMs = this.#hedging.delay.delayMs(nowMs);
    if (delayMs !== undefined && nowMs + delayMs < this.#deadlineMs)
      this.#hedging.timer.schedule(this, nowMs + delayMs);
  }

  onDue(nowMs: number): void {
    const { providers } = this.#route;
    // One that still waits for its slot is not slow for its provider.
    if (this.#isOver || !this.#first.isPending) return;
    const isAllowed = providers.size > 1 && providers.retryBudget.tryTake(nowMs);
    if (!isAllowed || !this.#sendHedge(nowMs)) this.#count('refused');
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#end();
    this.#first.cancel();
    this.#hedge?.cancel();
  }

  /** Says whether it was made, also if it has ended already. */
  #sendHedge(nowMs: number): boolean {
    const view = new ExchangeView(this.#exchange);
    const hedge = new RouteCall(
      this.#route,
      view,
      this.#deadlineMs,
      (outcome) => this.#onHedgeOutcome(outcome),
      (error) => this.#onHedgeError(error),
    );
    this.#view = view;
    this.#hedge = hedge;
    try {
      if (hedge.sendBeside(this.#first, nowMs)) return true;
    } catch {
      // What is wrong with the hedge must not be heard: the first call is on its way.
      hedge.cancel();
    }
    this.#dropHedge();
    return false;
  }

  #onFirstOutcome(outcome: CallOutcome): void {
    this.#recordFirst();
    this.#endWithFirst();
    this.#resolve(outcome);
  }

  #onFirstError(error: unknown): void {
    if (this.#hedge !== undefined && isFailureOfProvider(error)) {
      this.#failure = { error };
      this.#exchange.call = this;
      return;
    }
    // Only a business exception says how long calls take; what was refused, here or there, or lost does not.
    if (endOfAnswer(error).result === 'ok') this.#recordFirst();
    this.#endWithFirst();
    this.#reject(error);
  }

  #onHedgeOutcome(outcome: CallOutcome): void {
    this.#endWithHedge();
    this.#resolve(outcome);
  }

  #onHedgeError(error: unknown): void {
    if (!isFailureOfProvider(error)) {
      this.#endWithHedge();
      this.#reject(error);
      return;
    }
    this.#count('failed');
    this.#dropHedge();
    if (this.#failure === undefined) return;
    this.#end();
    this.#reject(this.#failure.error);
  }

  #endWithFirst(): void {
    this.#end();
    if (this.#hedge === undefined) return;
    this.#count('lost');
    this.#hedge.cancel();
  }

  #endWithHedge(): void {
    const { provider, pool } = this.#view!;
    this.#count('won');
    if (this.#failure === undefined) {
      this.#recordFirst();
      this.#first.overtake();
    }
    this.#end();
    this.#exchange.provider = provider;
    this.#exchange.pool = pool;
  }

  /** Only how long the first call took, or took at least: hedges are asked for the slow ones. */
  #recordFirst(): void {
    const nowMs = this.#route.nowMs();
    this.#hedging.delay.record(nowMs - this.#startedMs, nowMs);
  }

  #dropHedge(): void {
    this.#view = undefined;
    this.#hedge = undefined;
  }

  #end(): void {
    this.#isOver = true;
    this.#exchange.call = undefined;
    this.#hedging.timer.cancel(this);
  }

  #count(outcome: HedgeOutcome): void {
    this.#hedging.counters?.record(outcome);
  }
}

/** Whether a call failed for its provider, so that another may do better. */
function isFailureOfProvider(error: unknown): boolean {
  return endOfAnswer(error).result === 'failure';
}
