import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import type { GatewayConfig } from '../../src/config/schema.ts';
import { assembleGateway } from '../../src/gateway/gateway.ts';
import { captureLog } from '../support/captured-log.ts';
import { checkedConfig, PATIENT } from '../support/gateway-under-test.ts';
import { type ListeningGateway, startListening } from '../support/listening-gateway.ts';
import { typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

/** @param eager providers of services whose connections are there before calls, by name */
function configOf(eager: Readonly<Record<string, readonly string[]>>): GatewayConfig {
  const services = Object.entries(eager).map(([name, providers]) => [
    name,
    typesService(providers, {
      connectEagerly: true,
      connectionsPerProvider: 2,
      methods: { echo: { parameters: ['Object'] } },
    }),
  ]);
  return checkedConfig({
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 100 },
    defaults: PATIENT,
    services: Object.fromEntries(services),
    routes: Object.keys(eager).map((service) => ({
      id: service,
      match: { path: `/${service}` },
      call: { service, method: 'echo', args: ['query.v'] },
    })),
  });
}

function start(context: TestContext, config: GatewayConfig): Promise<ListeningGateway> {
  return startListening(context, assembleGateway(config, { logger: captureLog().logger }));
}

async function startProvider(context: TestContext): Promise<MockProvider> {
  const provider = await startMockProvider();
  context.after(() => provider.kill());
  return provider;
}

describe('eager connections', { concurrency: true }, () => {
  it('are there before the first call, and the gateway is ready with the first of them', async (context) => {
    const [provider, down] = [await startProvider(context), await startProvider(context)];
    await down.kill();
    const { admin, http } = await start(context, configOf({ users: [down.address, provider.address] }));
    await until(async () => (await admin.send('/readyz')).status === 200, 'it is ready');
    await until(() => provider.connections.length === 2, 'both connections');
    assert.equal(provider.stats.requests, 0);
    assert.equal((await http.send('/users?v=1')).status, 200);
    assert.equal(provider.stats.connectionsOpened, 2);
  });

  it('keep a gateway from being ready while no provider can be reached, and no other for ever', async (context) => {
    const [first, second] = [await startProvider(context), await startProvider(context)];
    await second.kill();
    const { admin } = await start(context, configOf({ users: [first.address], orders: [second.address] }));
    await until(() => first.connections.length === 2, 'the connections of the other service');
    const { status, text } = await admin.send('/readyz?verbose');
    assert.equal(status, 503);
    assert.deepEqual((JSON.parse(text) as { checks: object }).checks, {
      listening: true,
      serving: true,
      registries: true,
      connections: false,
    });
    const back = await startMockProvider({ port: second.port });
    context.after(() => back.kill());
    await until(async () => (await admin.send('/readyz')).status === 200, 'it is ready');
  });

  it('are opened for providers that a later configuration has', async (context) => {
    const [first, second] = [await startProvider(context), await startProvider(context)];
    const { gateway } = await start(context, configOf({ users: [first.address] }));
    await until(() => first.connections.length === 2, 'the connections of the start');
    await gateway.replace(configOf({ users: [first.address, second.address] }));
    await until(() => second.connections.length === 2, 'the connections of the new one');
    assert.equal(first.stats.connectionsOpened, 2);
  });
});
