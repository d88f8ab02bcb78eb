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
import type { IfMatch } from '../admin/if-match.ts';
import type { MethodAction } from '../admin/method-action.ts';
import type { MethodPageQuery } from '../admin/method-page.ts';
import type { ProviderQuery } from '../admin/provider-query.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { MetricsFormat } from '../telemetry/metrics/metrics-format.ts';
import { renderMetrics } from '../telemetry/metrics/render-metrics.ts';
import type { Clock } from '../time/clock.ts';
import { WallOffset } from '../time/wall-offset.ts';
import { BulkheadView } from './bulkhead-view.ts';
import { type ConfigurationParts, ConfigurationView } from './configuration-view.ts';
import { connectionInventory, providerInventory, routeInventory, serviceInventory } from './gateway-inventory.ts';
import type { LiveConfiguration } from './live-configuration.ts';
import type { LoadControl } from './load-control.ts';
import { configuredMethodKeys } from './method-keys.ts';
import type { Registries } from './registries.ts';
import { registryInventory } from './registry-inventory.ts';
import { RegistryReadiness } from './registry-readiness.ts';

/** The parts of a gateway that its admin API shows. */
export interface AdminViewParts extends ConfigurationParts {
  readonly clock: Clock;
  readonly client: RpcClient;
  readonly load: LoadControl;
  readonly metrics: MetricRegistry;
  readonly live: LiveConfiguration;
  readonly registries: Registries;
  /** What readiness is made of beside the registries, by name: the gateway is ready while all of it is true. */
  readinessChecks(): Readonly<Record<string, boolean>>;
}

/** A gateway that runs in this process, as its admin API sees it. */
export class GatewayAdminView implements AdminView {
  readonly clock: Clock;
  readonly #parts: AdminViewParts;
  readonly #wallOffset: WallOffset;
  readonly #readiness: RegistryReadiness;
  readonly #bulkheads: BulkheadView;
  readonly #configuration: ConfigurationView;

  constructor(parts: AdminViewParts) {
    const { clock, load, live } = parts;
    this.clock = clock;
    this.#parts = parts;
    this.#wallOffset = new WallOffset(clock);
    this.#readiness = new RegistryReadiness(clock);
    this.#bulkheads = new BulkheadView(load, clock, this.#wallOffset, () => configuredMethodKeys(live.config));
    this.#configuration = new ConfigurationView(parts);
  }

  readiness(): Readiness {
    const { live, readinessChecks } = this.#parts;
    const checks = { ...readinessChecks(), registries: this.#readiness.isReady(live.current) };
    const ready = Object.values(checks).every(Boolean);
    return { ready, checks, missingRegistries: this.#readiness.missing(live.current) };
  }

  bulkheads(query: MethodPageQuery): BulkheadsAnswer {
    return this.#bulkheads.bulkheads(query);
  }

  method(key: string): MethodAnswer {
    return this.#bulkheads.method(key);
  }

  actOnMethod(key: string, action: MethodAction, reason: string | undefined): MethodChange {
    return this.#bulkheads.actOnMethod(key, action, reason);
  }

  services(): ServicesAnswer {
    return serviceInventory(this.#parts.live.current);
  }

  providers(query: ProviderQuery): ProvidersAnswer {
    return providerInventory(this.#parts.live.current, query, this.#parts.client.stats(), this.#wallOffset.ms);
  }

  registries(): RegistriesAnswer {
    return registryInventory(this.#parts.live.current, this.#parts.registries);
  }

  connections(): ConnectionsAnswer {
    return connectionInventory(this.#parts.client.stats(), this.#wallOffset.ms);
  }

  routes(): RoutesAnswer {
    return routeInventory(this.#parts.live.current, this.config(), this.#parts.load.bulkheads);
  }

  plans(): PlansAnswer {
    return this.#parts.live.current.planStatistics();
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
    return renderMetrics(this.#parts.metrics, format);
  }

  /** Ends what is under way. */
  close(): void {
    this.#configuration.close();
  }
}
