import type { AdminView } from '../admin/admin-view.ts';
import type { GenerationsAnswer, ReplacementAnswer, ValidationAnswer } from '../admin/answers/config-answers.ts';
import type {
  ConnectionsAnswer,
  ProvidersAnswer,
  RegistriesAnswer,
  RoutesAnswer,
  ServicesAnswer,
} from '../admin/answers/inventory-answers.ts';
import type { PlansAnswer } from '../admin/answers/plans-answer.ts';
import type { IfMatch } from '../admin/if-match.ts';
import type { ProviderQuery } from '../admin/provider-query.ts';
import type { Admission } from '../admission/admission.ts';
import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import { maskSecrets } from '../config/mask-secrets.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { RouteSelection } from '../config/select-routes.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { MetricsFormat } from '../telemetry/metrics/metrics-format.ts';
import { renderMetrics } from '../telemetry/metrics/render-metrics.ts';
import type { Clock } from '../time/clock.ts';
import { WallOffset } from '../time/wall-offset.ts';
import type { ConfigFollower } from './config-follower.ts';
import { ConfigReplacement } from './config-replacement.ts';
import { ConfigValidator } from './config-validator.ts';
import { connectionInventory, providerInventory, routeInventory, serviceInventory } from './gateway-inventory.ts';
import type { Generation } from './generation.ts';
import { generationsAnswer } from './generations-answer.ts';
import type { LiveConfiguration } from './live-configuration.ts';
import type { LoadControl } from './load-control.ts';
import { configuredMethodKeys } from './method-keys.ts';
import type { Registries } from './registries.ts';
import { registryInventory } from './registry-inventory.ts';
import { RegistryReadiness } from './registry-readiness.ts';

/** The parts of a gateway that its admin API shows. */
export interface AdminViewParts {
  readonly clock: Clock;
  readonly client: RpcClient;
  readonly load: LoadControl;
  readonly metrics: MetricRegistry;
  readonly live: LiveConfiguration;
  readonly registries: Registries;
  /** Which routes of its configurations are served; undefined for all. */
  readonly selection: RouteSelection | undefined;
  /** Undefined where the configuration did not come from files. */
  readonly follower: ConfigFollower | undefined;
  /** What readiness is made of beside the registries, by name: the gateway is ready while all of it is true. */
  readinessChecks(): Readonly<Record<string, boolean>>;
}

/** A running gateway as its admin API sees it. */
export class GatewayAdminView implements AdminView {
  readonly clock: Clock;
  readonly wallOffset: WallOffset;
  readonly #parts: AdminViewParts;
  readonly #validator = new ConfigValidator();
  readonly #replacement: ConfigReplacement;
  readonly #readiness: RegistryReadiness;
  /** Kept while it holds: a large configuration has a hundred thousand values. */
  #masked: MaskedConfig | undefined;

  constructor(parts: AdminViewParts) {
    this.#parts = parts;
    this.clock = parts.clock;
    this.wallOffset = new WallOffset(parts.clock);
    this.#readiness = new RegistryReadiness(parts.clock);
    this.#replacement = new ConfigReplacement(parts.live, parts.follower);
  }

  get admission(): Admission | undefined {
    return this.#parts.load.admission;
  }

  get bulkheads(): Bulkheads | undefined {
    return this.#parts.load.bulkheads;
  }

  isReady(): boolean {
    return Object.values(this.readinessChecks()).every(Boolean);
  }

  readinessChecks(): Readonly<Record<string, boolean>> {
    const { live, readinessChecks } = this.#parts;
    return { ...readinessChecks(), registries: this.#readiness.isReady(live.current) };
  }

  missingRegistries(): readonly string[] {
    return this.#readiness.missing(this.#parts.live.current);
  }

  methodKeys(): ReadonlySet<string> {
    return configuredMethodKeys(this.#parts.live.current.config);
  }

  services(): ServicesAnswer {
    return serviceInventory(this.#parts.live.current);
  }

  providers(query: ProviderQuery): ProvidersAnswer {
    return providerInventory(this.#parts.live.current, query, this.#parts.client.stats(), this.wallOffset.ms);
  }

  registries(): RegistriesAnswer {
    return registryInventory(this.#parts.live.current, this.#parts.registries);
  }

  connections(): ConnectionsAnswer {
    return connectionInventory(this.#parts.client.stats(), this.wallOffset.ms);
  }

  routes(): RoutesAnswer {
    return routeInventory(this.#parts.live.current, this.config(), this.bulkheads);
  }

  plans(): PlansAnswer {
    return this.#parts.live.current.planStatistics();
  }

  config(): GatewayConfig {
    const generation = this.#parts.live.current;
    const secretPaths = this.#parts.follower?.files.secretPaths ?? NONE;
    if (this.#masked?.generation !== generation || this.#masked.secretPaths !== secretPaths) {
      const config = maskSecrets(generation.config, secretPaths) as GatewayConfig;
      this.#masked = { generation, secretPaths, config };
    }
    return this.#masked.config;
  }

  configTag(): string {
    return this.#replacement.tag;
  }

  replaceConfig(text: string, ifMatch: IfMatch): Promise<ReplacementAnswer> {
    return this.#replacement.replace(text, ifMatch);
  }

  generations(): GenerationsAnswer {
    return generationsAnswer(this.#parts.live.generations.records, this.#parts.follower?.lastReload);
  }

  validate(text: string): Promise<ValidationAnswer> {
    return this.#validator.validate(text, this.config(), this.#parts.selection);
  }

  metrics(format: MetricsFormat): AsyncIterable<Buffer> {
    return renderMetrics(this.#parts.metrics, format);
  }

  /** Ends what is under way. */
  close(): void {
    this.#validator.close();
  }
}

const NONE: readonly string[] = [];

/** A configuration as it may be shown. */
interface MaskedConfig {
  readonly generation: Generation;
  readonly secretPaths: readonly string[];
  readonly config: GatewayConfig;
}
