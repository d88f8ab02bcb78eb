import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { registriesAnswer } from '../../src/admin/answers/provider-lists-answer.ts';
import { assembleGateway } from '../../src/gateway/gateway.ts';
import { captureLog } from '../support/captured-log.ts';
import { FakeNacos, fakeHost } from '../support/fake-nacos.ts';
import { checkedConfig } from '../support/gateway-under-test.ts';
import { startListening } from '../support/listening-gateway.ts';
import { TYPES_SERVICE } from '../support/types-service.ts';
import { until } from '../support/until.ts';

describe('a configuration that names another registry', () => {
  it('loses no call, also while that one does not answer yet', async (context) => {
    const [former, next] = await Promise.all([FakeNacos.start(), FakeNacos.start({ isFrozen: true })]);
    const providers = await Promise.all([startMockProvider(), startMockProvider()]);
    const tell = (nacos: FakeNacos, { port }: MockProvider) =>
      nacos.setHosts(`providers:${TYPES_SERVICE}::`, [fakeHost(port, { ip: '127.0.0.1' })]);
    tell(former, providers[0]!);
    tell(next, providers[1]!);
    const configWith = (nacos: FakeNacos) =>
      checkedConfig({
        server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 100 },
        defaults: { timeoutMs: 8_000, connectTimeoutMs: 5_000 },
        registries: { main: { type: 'nacos', servers: [nacos.address], connectTimeoutMs: 300 } },
        services: {
          types: { interface: TYPES_SERVICE, registry: 'main', methods: { echo: { parameters: ['Object'] } } },
        },
        routes: [
          { id: 'echo', match: { path: '/echo' }, call: { service: 'types', method: 'echo', args: ['query.v'] } },
        ],
      });
    const gateway = assembleGateway(configWith(former), { logger: captureLog().logger });
    const { http, admin } = await startListening(context, gateway);
    context.after(async () => {
      await Promise.all([former.stop(), next.stop(), ...providers.map((provider) => provider.kill())]);
    });
    const registry = async () => registriesAnswer.parse(await admin.json('/admin/v1/registries')).registries;
    await until(async () => (await http.send('/echo?v=x')).status === 200, 'the first list');

    let isOver = false;
    const statuses: number[] = [];
    const callers = Array.from({ length: 4 }, async () => {
      while (!isOver) statuses.push((await http.send('/echo?v=x')).status);
    });
    await gateway.replace(configWith(next));
    await until(async () => (await registry()).length === 1, 'the former registry is closed');
    const { confirmedAt, state } = (await registry())[0]!;
    assert.equal(state, 'connecting');
    assert.ok(confirmedAt !== null, 'it is said how old the list is');
    await until(() => former.streamCount === 0, 'no session with the former registry');
    const before = providers[0]!.stats.requests;
    await until(() => providers[0]!.stats.requests > before + 100, 'calls at the provider of the former registry');
    assert.equal(providers[1]!.stats.requests, 0);
    next.behaviour.isFrozen = false;
    await until(() => providers[1]!.stats.requests > 10, 'calls at the provider of the other registry');
    isOver = true;
    await Promise.all(callers);
    assert.deepEqual([...new Set(statuses)], [200]);
    assert.ok(statuses.length > 20);
  });
});
