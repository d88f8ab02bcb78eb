import { setTimeout as delay } from 'node:timers/promises';
import { FakeNacos, fakeHost } from '../support/fake-nacos.ts';
import { type ChurnedRegistry, LIST_GRACE_MS, type RegistrySection } from './churned-registry.ts';
import { SOAK_INTERFACE } from './soak-service.ts';

const SERVICE = `providers:${SOAK_INTERFACE}::`;
const AWAY_MS = 300;

/** A stand-in for a Nacos, in this process, that speaks gRPC and HTTP. */
export class NacosChurn implements ChurnedRegistry {
  readonly name = 'nacos';
  readonly section: RegistrySection;
  readonly #fake: FakeNacos;
  #disturbances = 0;

  private constructor(fake: FakeNacos) {
    this.#fake = fake;
    this.section = { type: 'nacos', servers: [fake.address], emptyGraceMs: LIST_GRACE_MS };
  }

  static async start(): Promise<NacosChurn> {
    return new NacosChurn(await FakeNacos.start());
  }

  async list(addresses: readonly string[]): Promise<void> {
    this.#fake.setHosts(
      SERVICE,
      addresses.map((address) => {
        const [ip, port] = address.split(':');
        return fakeHost(Number(port), { ip });
      }),
    );
    this.#fake.seen.length = 0;
    this.#fake.acknowledged.length = 0;
  }

  async disturb(): Promise<void> {
    if (this.#disturbances++ % 2 === 0) {
      this.#fake.endStreams();
      return;
    }
    await this.#fake.stop();
    await delay(AWAY_MS);
    await this.#fake.restart();
  }

  stop(): Promise<void> {
    return this.#fake.stop();
  }
}
