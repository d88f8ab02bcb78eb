import type { OutcomeCounters } from './outcome-metrics.ts';
import type { CallMetrics } from './route-call.ts';
import type { RpcOutcome } from './rpc-outcome.ts';

/** Counts the calls of one side of a split, for the side and for the method that it shares with others. */
export class SideMetrics implements CallMetrics {
  readonly #method: CallMetrics;
  readonly #side: OutcomeCounters<'route' | 'side'>;

  constructor(method: CallMetrics, side: OutcomeCounters<'route' | 'side'>) {
    this.#method = method;
    this.#side = side;
  }

  record(outcome: RpcOutcome, seconds: number): void {
    this.#method.record(outcome, seconds);
    this.#side.record(outcome);
  }
}
