import type { MethodChange, Readiness } from '../admin/admin-view.ts';
import type { BulkheadsAnswer } from '../admin/answers/bulkheads-answer.ts';
import type {
  ConnectionsAnswer,
  ProvidersAnswer,
  RegistriesAnswer,
  RoutesAnswer,
  ServicesAnswer,
} from '../admin/answers/inventory-answers.ts';
import type { MethodAnswer } from '../admin/answers/method-answer.ts';
import type { PlansAnswer } from '../admin/answers/plans-answer.ts';
import type { MethodAction } from '../admin/method-action.ts';
import type { ProviderQuery } from '../admin/provider-query.ts';
import type { LatencyCounts } from '../bulkhead/latency-histogram.ts';
import type { MetricPage } from '../telemetry/metrics/metric-page.ts';

/** One question: what is sent with it, and what comes back. Plain values, which can be sent to another process. */
interface Question<Argument, Answer> {
  readonly argument: Argument;
  readonly answer: Answer;
}

/** A method in one worker. */
export interface WorkerMethod extends MethodAnswer {
  /** How long the calls took that `latencyMs` is made from. */
  readonly latencyCounts: LatencyCounts;
}

/** The keys of the methods that a worker remembers, each in one of the lists, in the order of their first calls. */
export interface MethodIndex {
  readonly quarantined: readonly string[];
  /** Healthy and pinned. */
  readonly pinned: readonly string[];
  readonly others: readonly string[];
}

/** Pools, admission and some methods of a worker. */
export interface WorkerLoad extends Pick<BulkheadsAnswer, 'pools' | 'admission'> {
  /** Those of the keys asked for that the worker remembers. */
  readonly methods: readonly WorkerMethod[];
}

/**
 * What an operator does to a method. One worker is asked, and what that changes reaches the others: before the answer is
 * there, they have been told of it.
 */
export interface MethodOrder {
  readonly key: string;
  readonly action: MethodAction;
  /** Undefined for the usual one. */
  readonly reason: string | undefined;
}

/** The requests that a worker still serves by one configuration. */
export interface GenerationUse {
  /** Number of the configuration in the group. */
  readonly number: number;
  readonly inFlight: number;
}

/** The next part of a reading of all metrics. */
export interface MetricPageQuery {
  /** A number that the primary gives each reading. */
  readonly reading: number;
  /** From 0; the parts are asked for in turn. */
  readonly page: number;
}

/** What workers can be asked, by name. Each may fail as the admin API does for the same question. */
export interface WorkerRequests {
  readonly readiness: Question<undefined, Readiness>;
  readonly methodIndex: Question<undefined, MethodIndex>;
  /** With the keys of the methods that are to be shown. */
  readonly load: Question<readonly string[], WorkerLoad>;
  readonly method: Question<string, WorkerMethod>;
  readonly actOnMethod: Question<MethodOrder, MethodChange>;
  readonly services: Question<undefined, ServicesAnswer>;
  readonly providers: Question<ProviderQuery, ProvidersAnswer>;
  readonly registries: Question<undefined, RegistriesAnswer>;
  readonly connections: Question<undefined, ConnectionsAnswer>;
  /** Nothing is masked in `match`. */
  readonly routes: Question<undefined, RoutesAnswer>;
  readonly plans: Question<undefined, PlansAnswer>;
  /** Configurations that serve or that still have requests. */
  readonly generationUse: Question<undefined, readonly GenerationUse[]>;
  readonly metrics: Question<MetricPageQuery, MetricPage>;
}
