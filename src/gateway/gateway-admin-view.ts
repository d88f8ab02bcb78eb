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
import type { MethodPageQuery } from '../admin/method-page.ts';
import type { ProviderQuery } from '../admin/provider-query.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { MetricsFormat } from '../telemetry/metrics/metrics-format.ts';
import { renderMetrics } from '../telemetry/metrics/render-metrics.ts';
import type { Clock } from '../time/clock.ts';
import { type ConfigurationParts, ConfigurationView } from './configuration-view.ts';
import { DataPlaneView, type ShownPlane } from './data-plane-view.ts';
import type { LiveConfiguration } from './live-configuration.ts';

/** The parts of a gateway that its admin API shows. */
export interface AdminViewParts extends ConfigurationParts, ShownPlane {
  readonly clock: Clock;
  readonly metrics: MetricRegistry;
  readonly live: LiveConfiguration;
}

/** A gateway that runs in this process, as its admin API sees it. */
export class GatewayAdminView implements AdminView {
  readonly clock: Clock;
  readonly #plane: DataPlaneView;
  readonly #configuration: ConfigurationView;
  readonly #metrics: MetricRegistry;

  constructor(parts: AdminViewParts) {
    this.clock = parts.clock;
    this.#plane = new DataPlaneView(parts, parts.clock);
    this.#configuration = new ConfigurationView(parts);
    this.#metrics = parts.metrics;
  }

  readiness(): Readiness {
    return this.#plane.readiness();
  }

  bulkheads(query: MethodPageQuery): BulkheadsAnswer {
    return this.#plane.bulkheads(query);
  }

  method(key: string): MethodAnswer {
    return this.#plane.method(key);
  }

  actOnMethod(key: string, action: MethodAction, reason: string | undefined): MethodChange {
    return this.#plane.actOnMethod(key, action, reason);
  }

  services(): ServicesAnswer {
    return this.#plane.services();
  }

  providers(query: ProviderQuery): ProvidersAnswer {
    return this.#plane.providers(query);
  }

  registries(): RegistriesAnswer {
    return this.#plane.registries();
  }

  connections(): ConnectionsAnswer {
    return this.#plane.connections();
  }

  routes(): RoutesAnswer {
    return this.#plane.routes(this.config());
  }

  plans(): PlansAnswer {
    return this.#plane.plans();
  }

  workers(): WorkersAnswer {
    return { workers: [] };
  }

  config(): GatewayConfig {
    return this.#configuration.config();
  }

  configTag(): string {
    return this.#configuration.configTag();
  }

  replaceConfig(text: string, ifMatch: IfMatch): Promise<ReplacementAnswer> {
    return this.#configuration.replaceConfig(text, ifMatch);
  }

  generations(): GenerationsAnswer {
    return this.#configuration.generations();
  }

  validate(text: string): Promise<ValidationAnswer> {
    return this.#configuration.validate(text);
  }

  metrics(format: MetricsFormat): AsyncIterable<Buffer> {
    return renderMetrics(this.#metrics, format);
  }

  /** Ends what is under way. */
  close(): void {
    this.#configuration.close();
  }
}
