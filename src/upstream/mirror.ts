import type { Exchange } from './exchange.ts';
import { ExchangeView } from './exchange-view.ts';
import type { OutcomeCounters } from './outcome-metrics.ts';
import { type CallRoute, RouteCall } from './route-call.ts';

/** Everything the mirror of a route needs. */
export interface MirrorParts {
  /** Where the calls go: without a gate, without retries, and counting into `metrics`. */
  readonly route: CallRoute & { readonly timeoutMs: number };
  /** Calls in flight at a time. */
  readonly maxInFlight: number;
  /** Undefined where nobody counts. */
  readonly metrics: OutcomeCounters<'route'> | undefined;
}

/**
 * Makes calls nobody waits for. Each ends within its time-out; what it brings is counted and dropped. They have a bound
 * of their own, so that they take no slot from requests however slow they are.
 */
export class Mirror {
  readonly #parts: MirrorParts;
  #inFlight = 0;

  constructor(parts: MirrorParts) {
    this.#parts = parts;
  }

  /** Number of calls in flight. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Makes the call of a request, if there is room for it. Never throws. */
  send(original: Exchange): void {
    const { route, maxInFlight, metrics } = this.#parts;
    if (this.#inFlight >= maxInFlight) {
      metrics?.record('dropped');
      return;
    }
    this.#inFlight++;
    const nowMs = route.nowMs();
    const call = new RouteCall(route, new ExchangeView(original), nowMs + route.timeoutMs, this.#onEnd, this.#onEnd);
    try {
      call.send(nowMs);
    } catch {
      // The request does not have what the call needs. Its own call may not need it.
      metrics?.record('refused');
      this.#onEnd();
    }
  }

  readonly #onEnd = (): void => {
    this.#inFlight--;
  };
}
