import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { DataPlane } from '../../src/gateway/data-plane.ts';
import { providerLists } from '../../src/gateway/provider-lists.ts';
import { systemClock } from '../../src/time/clock.ts';
import { captureLog } from '../support/captured-log.ts';
import { checkedConfig, PATIENT } from '../support/gateway-under-test.ts';
import { HttpCaller } from '../support/http-caller.ts';
import { typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

const NAME = 'users.internal';

/** A gateway whose one service has its providers at a host name, whose addresses are the test's. */
class Scene {
  /** Undefined: it cannot be looked up. */
  addresses: readonly string[] | undefined;
  lookups = 0;
  readonly log = captureLog();
  readonly plane: DataPlane;
  readonly http: HttpCaller;

  private constructor(plane: (scene: Scene) => DataPlane, port: number) {
    this.plane = plane(this);
    this.http = new HttpCaller(port);
  }

  static async start(context: TestContext, port: number, addresses: readonly string[] | undefined): Promise<Scene> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const config = checkedConfig({
      defaults: { ...PATIENT, balancer: 'round-robin' },
      services: {
        types: typesService(`dubbo://${NAME}:${port}`, {
          methods: { echo: { parameters: ['Object'], idempotent: true } },
        }),
      },
      routes: [{ id: 'echo', match: { path: '/echo' }, call: { service: 'types', method: 'echo', args: ['query.v'] } }],
    });
    const scene = new Scene(
      (own) => {
        own.addresses = addresses;
        return new DataPlane(config, {
          logger: own.log.logger,
          clock: systemClock,
          lookup: (name) => own.#lookup(name),
        });
      },
      (server.address() as AddressInfo).port,
    );
    server.on('request', scene.plane.callback());
    context.after(async () => {
      scene.http.close();
      server.close();
      await scene.plane.stop();
    });
    return scene;
  }

  get list() {
    return providerLists(this.plane.live.current, { limit: 10 }).lists[0]!;
  }

  get providers(): string[] {
    return this.list.providers.map(({ address }) => address);
  }

  async call(): Promise<number> {
    return (await this.http.send('/echo?v=x')).status;
  }

  async #lookup(name: string): Promise<readonly string[]> {
    this.lookups++;
    if (this.addresses === undefined) throw new Error(`getaddrinfo ENOTFOUND ${name}`);
    return this.addresses;
  }
}

/** Providers at one port of several addresses of loopback. */
async function startProviders(context: TestContext, hosts: readonly string[]): Promise<MockProvider[]> {
  const providers: MockProvider[] = [];
  for (const host of hosts) {
    const provider = await startMockProvider({ host, port: providers[0]?.port ?? 0 });
    context.after(() => provider.kill());
    providers.push(provider);
  }
  return providers;
}

describe('a provider at a host name', { concurrency: true }, () => {
  it('is as many providers as the name has addresses', async (context) => {
    const providers = await startProviders(context, ['127.0.0.2', '127.0.0.3']);
    const scene = await Scene.start(context, providers[0]!.port, ['127.0.0.3', '127.0.0.2']);
    await until(() => scene.providers.length === 2, 'both addresses are known');
    for (let call = 0; call < 10; call++) assert.equal(await scene.call(), 200);
    assert.deepEqual(
      providers.map(({ stats }) => stats.requests),
      [5, 5],
    );
    const [name] = scene.list.hostNames;
    assert.deepEqual([name!.name, name!.addresses, name!.problem], [NAME, ['127.0.0.2', '127.0.0.3'], null]);
    assert.match(name!.resolvedAt!, /^\d{4}-/);
  });

  it('moves to other addresses as soon as a connection to the old ones ends', async (context) => {
    const [old, next] = await startProviders(context, ['127.0.0.2', '127.0.0.3']);
    const scene = await Scene.start(context, old!.port, ['127.0.0.2']);
    await until(() => scene.providers[0]!.startsWith('127.'), 'the address is known');
    assert.equal(await scene.call(), 200);
    scene.addresses = ['127.0.0.3'];
    // A connection that ends is reason enough to look again.
    old!.closeConnection(old!.connections[0]!.number);
    await until(() => scene.providers[0]!.startsWith('127.0.0.3'), 'the other address');
    assert.equal(await scene.call(), 200);
    assert.equal(next!.stats.requests, 1);
    await until(() => old!.connections.length === 0, 'the old address is left');
    const changed = scene.log.lines.filter(({ msg }) => msg === 'provider name has other addresses');
    assert.deepEqual(
      changed.map(({ host, addresses }) => [host, addresses]),
      [[NAME, ['127.0.0.3']]],
    );
  });

  it('keeps its addresses while the name cannot be looked up, and says so', async (context) => {
    const [provider] = await startProviders(context, ['127.0.0.2']);
    const scene = await Scene.start(context, provider!.port, ['127.0.0.2']);
    await until(() => scene.providers[0]!.startsWith('127.'), 'the address is known');
    assert.equal(await scene.call(), 200);
    scene.addresses = undefined;
    provider!.closeConnection(provider!.connections[0]!.number);
    await until(() => scene.list.hostNames[0]!.problem !== null, 'the look-up failed');
    assert.equal(await scene.call(), 200);
    assert.deepEqual(scene.providers, [`127.0.0.2:${provider!.port}`]);
    assert.equal(scene.list.hostNames[0]!.problem, `getaddrinfo ENOTFOUND ${NAME}`);
    const warned = scene.log.lines.filter(({ level }) => level === 'warn');
    assert.deepEqual(
      warned.map(({ host }) => host),
      [NAME],
    );
  });

  it('is a 503 that names nothing while it was never found, and serves once it is', async (context) => {
    const [provider] = await startProviders(context, ['127.0.0.2']);
    const scene = await Scene.start(context, provider!.port, undefined);
    const { status, text } = await scene.http.send('/echo?v=x');
    assert.equal(status, 503);
    assert.ok(!text.includes(NAME));
    scene.addresses = ['127.0.0.2'];
    await until(async () => (await scene.call()) === 200, 'it is found');
  });
});
