import type { Counter } from '../telemetry/metrics/counter.ts';
import type { CounterFamily } from '../telemetry/metrics/metric-registry.ts';
import type { RpcOutcome } from './rpc-outcome.ts';

/** How a call ended; `dropped`: a mirrored one that was not made, since too many were in flight. */
export type CountedOutcome = RpcOutcome | 'dropped';

/** Counters of calls by how they ended, for one set of labels. One is made with the first call that ends so. */
export class OutcomeCounters<Label extends string, Outcome extends string = CountedOutcome> {
  readonly #labels: Readonly<Record<Label, string>>;
  readonly #family: CounterFamily<Label | 'outcome'>;
  readonly #counters = new Map<Outcome, Counter>();
  #isRetired = false;

  constructor(labels: Readonly<Record<Label, string>>, family: CounterFamily<Label | 'outcome'>) {
    this.#labels = labels;
    this.#family = family;
  }

  /** Counts one call that has ended, or was not made. */
  record(outcome: Outcome): void {
    let counter = this.#counters.get(outcome);
    if (counter === undefined) {
      if (this.#isRetired) return;
      counter = this.#family.with(this.#labelsOf(outcome));
      this.#counters.set(outcome, counter);
    }
    counter.add(1);
  }

  /** Takes the counters out of the metrics; no more are made for calls that end after this. */
  retire(): void {
    this.#isRetired = true;
    for (const outcome of this.#counters.keys()) this.#family.remove(this.#labelsOf(outcome));
  }

  #labelsOf(outcome: Outcome): Record<Label | 'outcome', string> {
    return { ...this.#labels, outcome } as Record<Label | 'outcome', string>;
  }
}

/** Counters of calls by how they ended, for all sets of labels that are configured. */
export class OutcomeMetrics<Label extends string, Outcome extends string = CountedOutcome> {
  readonly #family: CounterFamily<Label | 'outcome'>;
  readonly #counters = new Map<string, OutcomeCounters<Label, Outcome>>();

  constructor(family: CounterFamily<Label | 'outcome'>) {
    this.#family = family;
  }

  /** The counters of these labels, the same for each call. */
  of(labels: Readonly<Record<Label, string>>): OutcomeCounters<Label, Outcome> {
    const key = JSON.stringify(labels);
    let counters = this.#counters.get(key);
    if (counters === undefined) {
      counters = new OutcomeCounters<Label, Outcome>(labels, this.#family);
      this.#counters.set(key, counters);
    }
    return counters;
  }

  /** Takes all others out of the metrics, when nothing that is configured uses them and their last calls have ended. */
  keepOnly(kept: ReadonlySet<OutcomeCounters<Label, Outcome>>): void {
    for (const [key, counters] of this.#counters) {
      if (kept.has(counters)) continue;
      this.#counters.delete(key);
      counters.retire();
    }
  }
}
