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
import type { MethodPageQuery } from '../admin/method-page.ts';
import type { ProviderQuery } from '../admin/provider-query.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import type { Clock } from '../time/clock.ts';
import { WallOffset } from '../time/wall-offset.ts';
import { BulkheadView } from './bulkhead-view.ts';
import { ConnectionReadiness } from './connection-readiness.ts';
import { connectionInventory, providerInventory, routeInventory, serviceInventory } from './gateway-inventory.ts';
import type { LiveConfiguration } from './live-configuration.ts';
import type { LoadControl } from './load-control.ts';
import { configuredMethodKeys } from './method-keys.ts';
import type { Registries } from './registries.ts';
import { registryInventory } from './registry-inventory.ts';
import { RegistryReadiness } from './registry-readiness.ts';

/** The parts of what serves requests that the admin API shows. */
export interface ShownPlane {
  readonly client: RpcClient;
  readonly load: LoadControl;
  readonly live: LiveConfiguration;
  readonly registries: Registries;
  /** What readiness is made of beside the registries, by name: the gateway is ready while all of it is true. */
  readinessChecks(): Readonly<Record<string, boolean>>;
}

/** What serves the requests of this process, as the admin API sees it. */
export class DataPlaneView {
  /** What all dates in the answers are made with. */
  readonly wallOffset: WallOffset;
  /** Pools, admission and methods. */
  readonly load: BulkheadView;
  readonly #plane: ShownPlane;
  readonly #readiness: RegistryReadiness;
  readonly #connections: ConnectionReadiness;

  constructor(plane: ShownPlane, clock: Clock) {
    const { load, live } = plane;
    this.#plane = plane;
    this.wallOffset = new WallOffset(clock);
    this.#readiness = new RegistryReadiness(clock);
    this.#connections = new ConnectionReadiness(clock);
    this.load = new BulkheadView(load, clock, this.wallOffset, () => configuredMethodKeys(live.config));
  }

  readiness(): Readiness {
    const { live } = this.#plane;
    const registries = this.#readiness.isReady(live.current);
    // Without the providers there is nothing to connect to.
    const connections = registries && this.#connections.isReady(live.current);
    const checks = { ...this.#plane.readinessChecks(), registries, connections };
    const ready = Object.values(checks).every(Boolean);
    return { ready, checks, missingRegistries: this.#readiness.missing(live.current) };
  }

  /** Throws GatewayError REQUEST_INVALID where no method has the key `after` of the query. */
  bulkheads(query: MethodPageQuery): BulkheadsAnswer {
    return this.load.bulkheads(query);
  }

  /** Throws GatewayError METHOD_UNKNOWN. */
  method(key: string): MethodAnswer {
    return this.load.method(key);
  }

  /** Throws GatewayError METHOD_UNKNOWN. */
  actOnMethod(key: string, action: MethodAction, reason: string | undefined): MethodChange {
    return this.load.actOnMethod(key, action, reason);
  }

  services(): ServicesAnswer {
    return serviceInventory(this.#plane.live.current);
  }

  /** Throws GatewayError REQUEST_INVALID for a service that is not there. */
  providers(query: ProviderQuery): ProvidersAnswer {
    return providerInventory(this.#plane.live.current, query, this.#plane.client.stats(), this.wallOffset.ms);
  }

  registries(): RegistriesAnswer {
    return registryInventory(this.#plane.live.current, this.#plane.registries);
  }

  connections(): ConnectionsAnswer {
    return connectionInventory(this.#plane.client.stats(), this.wallOffset.ms);
  }

  /** @param masked the configuration that is served, with what nobody may see masked */
  routes(masked: GatewayConfig): RoutesAnswer {
    return routeInventory(this.#plane.live.current, masked, this.#plane.load.bulkheads);
  }

  plans(): PlansAnswer {
    return this.#plane.live.current.planStatistics();
  }
}
