import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { type MockProvider, type MockProviderOptions, startMockProvider } from '../../mock-providers/mock-provider.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import { typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

const CONNECTIONS = 2;

describe('connections to providers', { concurrency: true }, () => {
  it('come and go under load, and no call fails for it', async (context) => {
    const providers = [await startProvider(context), await startProvider(context)];
    const addresses = providers.map(({ address }) => address);
    const gateway = await startGateway(context, addresses, { maxAgeMs: 300 });
    let most = 0;
    const load = callAllTheTime(gateway, 8, () => {
      for (const { connections } of gateway.rpc.stats()) most = Math.max(most, connections.length);
    });
    const renewed = () => gateway.rpc.totals().renewed;
    await until(() => renewed() >= 24, 'two dozen renewals');
    const statuses = await load.stop();
    assert.deepEqual(new Set(statuses), new Set([200]));
    assert.equal(most, CONNECTIONS + 1);
    for (const { stats } of providers)
      assert.ok(stats.connectionsOpened >= 8, `${stats.connectionsOpened} connections`);
    const { failed, timedOut, late, unknown, duplicate } = gateway.rpc.totals();
    assert.deepEqual([failed, timedOut, late, unknown, duplicate], [0, 0, 0, 0, 0]);
  });

  it('are replaced after so many calls', async (context) => {
    const provider = await startProvider(context);
    const gateway = await startGateway(context, [provider.address], { maxRequests: 20 });
    for (let call = 0; call < 100; call++) await gateway.text(`/echo?v=${call}`);
    await until(() => gateway.rpc.totals().renewed >= 2, 'connections were replaced');
    assert.equal(provider.stats.requests, 100);
  });

  it('bring load to a new instance behind a virtual address', async (context) => {
    const [first, second] = [await startProvider(context), await startProvider(context)];
    const instances = [first];
    const gateway = await startGateway(context, [await startBalancer(context, instances)], { maxAgeMs: 200 });
    const load = callAllTheTime(gateway, 2);
    await until(() => first.stats.requests > 20, 'calls at the first instance');
    instances.push(second);
    await until(() => second.stats.requests > 20, 'calls at the new instance');
    instances.shift();
    await until(() => first.connections.length === 0, 'the first instance is left');
    assert.deepEqual(new Set(await load.stop()), new Set([200]));
  });

  it('stay where nothing but a deaf instance can be reached anew', async (context) => {
    const provider = await startProvider(context);
    const deaf = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    context.after(() => deaf.close());
    const instances = [provider];
    const gateway = await startGateway(context, [await startBalancer(context, instances)], { maxAgeMs: 200 }, 100);
    const load = callAllTheTime(gateway, 2);
    await until(() => provider.stats.requests > 5, 'calls');
    await until(() => deaf.listening, 'it listens');
    instances[0] = { port: (deaf.address() as AddressInfo).port } as MockProvider;
    await until(() => gateway.rpc.totals().connectFailures > 0, 'a successor that says nothing');
    assert.deepEqual(new Set(await load.stop()), new Set([200]));
  });

  it('are closed without calls; a later call opens another', async (context) => {
    const provider = await startProvider(context);
    const gateway = await startGateway(context, [provider.address], { idleTimeoutMs: 150 });
    await gateway.text('/echo?v=a');
    await until(() => provider.connections.length === 0, 'nothing is open any more');
    assert.equal(await gateway.json('/echo?v=b'), 'b');
    assert.equal(gateway.rpc.totals().idleClosed > 0, true);
    assert.equal(gateway.rpc.stats()[0]!.lastFailure, undefined);
  });
});

interface Load {
  /** Ends it; resolves with the status of every answer. */
  stop(): Promise<number[]>;
}

function callAllTheTime(gateway: GatewayUnderTest, clients: number, onReply = () => {}): Load {
  const statuses: number[] = [];
  let isRunning = true;
  const running = Array.from({ length: clients }, async () => {
    while (isRunning) {
      statuses.push((await gateway.send('/echo?v=x')).status);
      onReply();
    }
  });
  return {
    stop: async () => {
      isRunning = false;
      await Promise.all(running);
      return statuses;
    },
  };
}

/** Leads each connection to one of the instances at the time, in turn. */
async function startBalancer(context: TestContext, instances: readonly Pick<MockProvider, 'port'>[]): Promise<string> {
  const sockets = new Set<Socket>();
  let next = 0;
  const server = createServer((client) => {
    const instance = connect(instances[next++ % instances.length]!.port, '127.0.0.1');
    for (const [one, other] of [
      [client, instance],
      [instance, client],
    ] as const) {
      sockets.add(one);
      one.setNoDelay();
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `dubbo://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startProvider(context: TestContext, options: MockProviderOptions = {}): Promise<MockProvider> {
  const provider = await startMockProvider(options);
  context.after(() => provider.kill());
  return provider;
}

function startGateway(
  context: TestContext,
  addresses: readonly string[],
  limits: NonNullable<NonNullable<GatewayConfigInput['defaults']>['connections']>,
  connectTimeoutMs = 5_000,
): Promise<GatewayUnderTest> {
  return startGatewayUnderTest(
    {
      defaults: { connections: limits, connectTimeoutMs },
      services: {
        types: typesService(addresses, {
          methods: { echo: { parameters: ['Object'] } },
          connectionsPerProvider: CONNECTIONS,
        }),
      },
      routes: [{ id: 'echo', match: { path: '/echo' }, call: { service: 'types', method: 'echo', args: ['query.v'] } }],
    },
    context,
  );
}
