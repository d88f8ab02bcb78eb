import type { SelectionRequest } from '../balancing/balancer.ts';
import type { CallResult } from '../balancing/call-record.ts';
import type { Candidate } from '../balancing/candidate.ts';
import type { ProviderExplanation } from '../balancing/provider-explanation.ts';
import { ProviderSelection, type ProviderSelectionOptions } from '../balancing/provider-selection.ts';
import { RetryBudget } from '../balancing/retry-budget.ts';
import type { ProviderSnapshot, RegistrySubscription } from '../registry/registry.ts';
import type { ProviderChannel } from '../rpc/provider-channel.ts';
import type { Clock } from '../time/clock.ts';

/** A provider that a call goes to, with the channel to it. */
export type ProviderChoice = Candidate<ProviderChannel>;

/** Begins to follow the providers of a service. */
export type Subscribe = (onChange: (snapshot: ProviderSnapshot) => void) => RegistrySubscription;

const NONE: readonly ProviderChoice[] = [];

/**
 * The providers of one service as its registry has them, and which of them gets a call. Generations of the configuration
 * share it for as long as the service does not change.
 */
export class ServiceProviders {
  /** What all calls of the service may be tried again. */
  readonly retryBudget = new RetryBudget();
  readonly #selection: ProviderSelection<ProviderChannel>;
  readonly #subscription: RegistrySubscription;
  readonly #clock: Clock;
  #users = 1;

  constructor(options: ProviderSelectionOptions<ProviderChannel>, subscribe: Subscribe, clock: Clock) {
    this.#selection = new ProviderSelection(options);
    this.#clock = clock;
    this.#subscription = subscribe((snapshot) => this.#update(snapshot));
    this.#update(this.#subscription.snapshot);
  }

  /** What the registry told last. */
  get snapshot(): ProviderSnapshot {
    return this.#subscription.snapshot;
  }

  /** How many providers of the version and group there are. */
  get size(): number {
    return this.#selection.size;
  }

  /** Whether a call to any of them would be sent at once. */
  get isConnected(): boolean {
    for (const { target } of this.#selection.candidates) if (target.isConnected) return true;
    return false;
  }

  /** The providers of the version and group, in the order of the list. */
  get candidates(): Iterable<ProviderChoice> {
    return this.#selection.candidates;
  }

  /** The addresses of all providers of the version and group, `host:port`. */
  get addresses(): string[] {
    return Array.from(this.#selection.candidates, ({ instance }) => instance.address.key);
  }

  /**
   * A provider for a call that was at none yet, or at `tried`; undefined where there is none, or all were tried. `onStart`
   * has to follow, and then `onEnd`.
   */
  pick(request: SelectionRequest, nowMs: number, tried: readonly ProviderChoice[] = NONE): ProviderChoice | undefined {
    return this.#selection.pick(request, tried, nowMs);
  }

  /** Why nobody was picked, in words for who called. */
  get absence(): string {
    const { instances, confirmedAtMs } = this.snapshot;
    if (this.size > 0) return 'No provider of the service takes this call now.';
    if (instances.length > 0) return 'Providers are known of other versions or groups of the service only.';
    if (confirmedAtMs === undefined) return 'The registry has not told the providers of the service yet.';
    return 'No provider of the service is known.';
  }

  /** A call goes there now. */
  onStart(choice: ProviderChoice): void {
    this.#selection.onStart(choice);
  }

  /** It has ended there. `startedMs` is when it went there, also where it had been elsewhere before. */
  onEnd(choice: ProviderChoice, result: CallResult, startedMs: number, nowMs: number): void {
    this.#selection.onEnd(choice, result, startedMs, nowMs);
  }

  /** Each provider with what keeps requests like this one from it. */
  explain(request: SelectionRequest): ProviderExplanation[] {
    return this.#selection.explain(request, this.#clock.nowMs());
  }

  /** One more generation uses them. */
  retain(): void {
    this.#users++;
  }

  /** A generation uses them no more; after the last one nothing is followed, and the channels are given back. */
  release(): void {
    if (--this.#users > 0) return;
    this.#subscription.close();
    this.#selection.close();
  }

  #update({ instances }: ProviderSnapshot): void {
    this.#selection.update(instances, this.#clock.nowMs(), this.#clock.wallMs());
  }
}
