import type { AdminView, MethodChange, Readiness } from '../admin/admin-view.ts';
import type { BulkheadsAnswer } from '../admin/answers/bulkheads-answer.ts';
import type { GenerationsAnswer, ReplacementAnswer, ValidationAnswer } from '../admin/answers/config-answers.ts';
import type {
  ConnectionsAnswer,
  ProvidersAnswer,
  RegistriesAnswer,
  RoutesAnswer,
  ServicesAnswer,
} from '../admin/answers/inventory-answers.ts';
import type { MethodAnswer } from '../admin/answers/method-answer.ts';
import type { PlansAnswer } from '../admin/answers/plans-answer.ts';
import type { WorkersAnswer } from '../admin/answers/workers-answer.ts';
import type { IfMatch } from '../admin/if-match.ts';
import type { MethodAction } from '../admin/method-action.ts';
import { type MethodPageQuery, methodPage } from '../admin/method-page.ts';
import type { ProviderQuery } from '../admin/provider-query.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { ConfigurationView } from '../gateway/configuration-view.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { MetricsFormat } from '../telemetry/metrics/metrics-format.ts';
import { timestamp } from '../telemetry/timestamp.ts';
import type { Clock } from '../time/clock.ts';
import { runInSlices } from '../time/run-in-slices.ts';
import { GroupMetrics } from './group-metrics.ts';
import { GroupQuestions } from './group-questions.ts';
import { GroupReadiness } from './group-readiness.ts';
import { mergeConnections } from './merge/merge-connections.ts';
import { mergeGenerations } from './merge/merge-generations.ts';
import { mergeLoad } from './merge/merge-load.ts';
import { mergeMethod } from './merge/merge-method.ts';
import { mergeMethodIndexes } from './merge/merge-method-indexes.ts';
import { mergePlans } from './merge/merge-plans.ts';
import { mergeProviders } from './merge/merge-providers.ts';
import { mergeRegistries } from './merge/merge-registries.ts';
import { mergeRoutes } from './merge/merge-routes.ts';
import { mergeServices } from './merge/merge-services.ts';
import type { WorkerGroup } from './worker-group.ts';

/** What the admin API of a group is made from. */
export interface GroupAdminViewParts {
  readonly group: WorkerGroup;
  readonly configuration: ConfigurationView;
  /** The metrics of the primary itself; those of the group are declared in it. */
  readonly metrics: MetricRegistry;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the group is not about to end. */
  isServing(): boolean;
}

/** Longest wait in ms for the readiness of workers: whoever asks for it does not wait for long. */
const READINESS_LIMIT_MS = 500;
/** Methods that workers are asked for at a time: some ms of work for each. */
const METHODS_AT_ONCE = 250;

/**
 * A group of workers as its admin API sees it: the primary answers for the configuration, and asks all workers for the
 * rest.
 */
export class GroupAdminView implements AdminView {
  readonly clock: Clock;
  readonly #parts: GroupAdminViewParts;
  readonly #questions: GroupQuestions;
  readonly #readiness = new GroupReadiness();
  readonly #metrics: GroupMetrics;

  constructor(parts: GroupAdminViewParts) {
    const { group, configuration, metrics, clock, logger } = parts;
    this.clock = clock;
    this.#parts = parts;
    this.#questions = new GroupQuestions(group, logger);
    this.#metrics = new GroupMetrics({ group, own: metrics, logger, clock, config: () => configuration.config() });
  }

  async readiness(): Promise<Readiness> {
    const { group, isServing } = this.#parts;
    const answers = await this.#questions.heard('readiness', undefined, READINESS_LIMIT_MS);
    return this.#readiness.readiness(group.workers, answers, isServing());
  }

  async bulkheads(query: MethodPageQuery): Promise<BulkheadsAnswer> {
    const { answers: indexes } = await this.#questions.all('methodIndex', undefined);
    const page = methodPage(await runInSlices(mergeMethodIndexes(indexes), this.clock), query);
    const { pools, admission, methods, ...rest } = await this.#load(page.methods.map(({ key }) => key));
    return { pools, admission, methods, methodsTotal: page.total, nextAfter: page.nextAfter, ...rest };
  }

  /** Methods some at a time, so that no worker is held up for long by a page of thousands. */
  async #load(keys: readonly string[]): Promise<Omit<BulkheadsAnswer, 'methodsTotal' | 'nextAfter'>> {
    const methods: MethodAnswer[] = [];
    for (let start = 0; ; start += METHODS_AT_ONCE) {
      const some = keys.slice(start, start + METHODS_AT_ONCE);
      const { answers, missing } = await this.#questions.all('load', some);
      const load = mergeLoad(answers, some, this.#parts.group.history);
      methods.push(...load.methods);
      if (start + METHODS_AT_ONCE >= keys.length) return { ...load, methods, ...missing };
    }
  }

  async method(key: string): Promise<MethodAnswer> {
    const { answers } = await this.#questions.all('method', key);
    return mergeMethod(answers, this.#parts.group.history);
  }

  async actOnMethod(key: string, action: MethodAction, reason: string | undefined): Promise<MethodChange> {
    const { changed } = await this.#questions.any('actOnMethod', { key, action, reason });
    // The others have been told before this question reaches them.
    return { method: await this.method(key), changed };
  }

  async services(): Promise<ServicesAnswer> {
    const { answers, missing } = await this.#questions.all('services', undefined);
    return { ...mergeServices(answers), ...missing };
  }

  async providers(query: ProviderQuery): Promise<ProvidersAnswer> {
    const { answered, missing } = await this.#questions.all('providers', query);
    return { ...mergeProviders(answered), ...missing };
  }

  async registries(): Promise<RegistriesAnswer> {
    const { answers, missing } = await this.#questions.all('registries', undefined);
    return { ...mergeRegistries(answers), ...missing };
  }

  async connections(): Promise<ConnectionsAnswer> {
    const { answered, missing } = await this.#questions.all('connections', undefined);
    return { ...mergeConnections(answered), ...missing };
  }

  async routes(): Promise<RoutesAnswer> {
    const { answers: indexes, missing } = await this.#questions.all('methodIndex', undefined);
    const routes = await this.#questions.any('routes', undefined);
    const quarantined = new Set(indexes.flatMap((index) => index.quarantined));
    return { ...mergeRoutes(routes, quarantined, this.config()), ...missing };
  }

  async plans(): Promise<PlansAnswer> {
    const { answers, missing } = await this.#questions.all('plans', undefined);
    return { ...mergePlans(answers), ...missing };
  }

  workers(): WorkersAnswer {
    const workers = this.#parts.group.workers.map(({ worker, pid, state, startedAtWallMs, restarts }) => ({
      worker,
      pid: pid ?? null,
      state,
      startedAt: timestamp(startedAtWallMs),
      restarts,
    }));
    return { workers };
  }

  config(): GatewayConfig {
    return this.#parts.configuration.config();
  }

  configTag(): string {
    return this.#parts.configuration.configTag();
  }

  replaceConfig(text: string, ifMatch: IfMatch): Promise<ReplacementAnswer> {
    return this.#parts.configuration.replaceConfig(text, ifMatch);
  }

  async generations(): Promise<GenerationsAnswer> {
    const uses = await this.#questions.heard('generationUse', undefined);
    const answer = this.#parts.configuration.generations();
    return { ...answer, generations: mergeGenerations(answer.generations, uses) };
  }

  validate(text: string): Promise<ValidationAnswer> {
    return this.#parts.configuration.validate(text);
  }

  metrics(format: MetricsFormat): AsyncIterable<Buffer> {
    return this.#metrics.render(format);
  }

  /** Ends what is under way. */
  close(): void {
    this.#parts.configuration.close();
  }
}
