import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { detachedParts } from '../../../src/gateway/detached-parts.ts';
import { buildGeneration, type Generation } from '../../../src/gateway/generation.ts';
import { Registries } from '../../../src/gateway/registries.ts';
import { DEFAULT_WARMUP_MS, DEFAULT_WEIGHT, type ProviderInstance } from '../../../src/registry/provider-instance.ts';
import type {
  ProviderSnapshot,
  Registry,
  RegistryStatus,
  RegistrySubscription,
  ServiceQuery,
} from '../../../src/registry/registry.ts';
import { RpcClient } from '../../../src/rpc/rpc-client.ts';
import { checkedConfig } from '../../support/gateway-under-test.ts';

/** A provider of an interface without version and group, with the given changes. */
export function instanceAt(host: string, changes: Partial<ProviderInstance> = {}): ProviderInstance {
  return {
    address: { key: `${host}:20880`, host, port: 20_880 },
    version: '',
    group: '',
    application: '',
    token: '',
    weight: DEFAULT_WEIGHT,
    warmupMs: DEFAULT_WARMUP_MS,
    startedAtMs: undefined,
    tag: '',
    zone: '',
    isDisabled: false,
    ...changes,
  };
}

/** A registry that says what a test tells it to. */
export class FakeRegistry implements Registry {
  state: RegistryStatus['state'] = 'connecting';
  problem: string | undefined;
  readonly #snapshots = new Map<string, ProviderSnapshot>();
  readonly #subscribers = new Map<string, Set<(snapshot: ProviderSnapshot) => void>>();

  /** It answers with this list from now on. */
  tell(interfaceName: string, instances: readonly ProviderInstance[], confirmedAtMs: number): void {
    this.state = 'connected';
    const snapshot = { instances, confirmedAtMs };
    this.#snapshots.set(interfaceName, snapshot);
    for (const subscriber of this.#subscribers.get(interfaceName) ?? []) subscriber(snapshot);
  }

  subscribe({ interfaceName }: ServiceQuery, onChange: (snapshot: ProviderSnapshot) => void): RegistrySubscription {
    const subscribers = this.#subscribers.get(interfaceName) ?? new Set();
    this.#subscribers.set(interfaceName, subscribers.add(onChange));
    const snapshot = () => this.#snapshots.get(interfaceName) ?? { instances: [], confirmedAtMs: undefined };
    return {
      get snapshot() {
        return snapshot();
      },
      close: () => void subscribers.delete(onChange),
    };
  }

  status(): RegistryStatus {
    const { state, problem } = this;
    let subscriptions = 0;
    for (const { size } of this.#subscribers.values()) subscriptions += size;
    return { state, sinceMs: 1_000, subscriptions, problem };
  }

  async close(): Promise<void> {
    this.state = 'closed';
  }
}

/** A generation whose services are learnt from fake registries. */
export interface RegistryScene {
  readonly generation: Generation;
  readonly registries: Registries;
  /** By name. */
  readonly fakes: ReadonlyMap<string, FakeRegistry>;
  nowMs: number;
}

export function registryScene(input: GatewayConfigInput): RegistryScene {
  const fakes = new Map<string, FakeRegistry>();
  const registries = new Registries((name) => {
    const fake = new FakeRegistry();
    fakes.set(name, fake);
    return fake;
  });
  const config = checkedConfig(input);
  const scene = { nowMs: 0 };
  const clock = { nowMs: () => scene.nowMs, wallMs: () => scene.nowMs };
  const client = new RpcClient(config.defaults);
  const generation = buildGeneration(config, { ...detachedParts(client, clock), registries });
  return Object.assign(scene, { generation, registries, fakes });
}
